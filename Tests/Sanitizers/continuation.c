// Tells the thread sanitizer what a task hears of that does not wait for its continuation.
//
// Whoever resumes a continuation says so to the sanitizer, and the task that was suspended hears of it. One whose continuation
// is resumed before it is suspended goes on at once and hears of nothing: what it was given looks like a race. That way leads
// through a function of this file; a task that was suspended goes on where the library has noted before.
//
// Of what the library keeps in a continuation only the two fields are touched that every asynchronous function has at the
// beginning of its frame (AsyncContext of the Swift ABI).
#define _GNU_SOURCE
#include <dlfcn.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>

#define AWAIT "swift_continuation_await"
#define ASYNC __attribute__((swiftasynccall))
#define FRAME __attribute__((swift_async_context))

void __tsan_acquire(void *address);
// The object that the library has told the sanitizer of.
__attribute__((swiftcall)) void *swift_task_getCurrent(void);

typedef ASYNC void resumed_function(FRAME void *frame);
typedef ASYNC void await_function(void *frame);

struct frame {
  void *caller;
  resumed_function *resumed;
};

// Where each frame goes on; neighbours take the places behind. One stays when its task has gone on, for the memory of a frame
// is used for others: with no more of them than half the places, the search is short.
enum { PLACES = 1 << 18 };
static struct {
  const struct frame *frame;
  resumed_function *resumed;
} known[PLACES];
static uint32_t count;
// One that the sanitizer does not see, else it would take all tasks for ordered by it.
static atomic_flag lock = ATOMIC_FLAG_INIT;
static await_function *library_await;

__attribute__((constructor)) static void find_library(void) {
  library_await = (await_function *)dlsym(RTLD_NEXT, AWAIT);
}

// Its own, or the one to take.
static uint32_t place_of(const struct frame *frame) {
  uint32_t place = (uint32_t)(((uintptr_t)frame * UINT64_C(0x9e3779b97f4a7c15)) >> 32) % PLACES;
  while (known[place].frame && known[place].frame != frame) place = (place + 1) % PLACES;
  return place;
}

// Whether there was room.
static int note(const struct frame *frame) {
  while (atomic_flag_test_and_set(&lock)) sched_yield();
  uint32_t place = place_of(frame);
  int has_room = known[place].frame || count < PLACES / 2;
  if (has_room) {
    count += known[place].frame == NULL;
    known[place].frame = frame;
    known[place].resumed = frame->resumed;
  }
  atomic_flag_clear(&lock);
  return has_room;
}

static resumed_function *noted(const struct frame *frame) {
  while (atomic_flag_test_and_set(&lock)) sched_yield();
  uint32_t place = place_of(frame);
  resumed_function *resumed = known[place].frame ? known[place].resumed : NULL;
  atomic_flag_clear(&lock);
  if (!resumed) abort();
  return resumed;
}

static ASYNC void goes_on(FRAME void *frame) {
  __tsan_acquire(swift_task_getCurrent());
  __attribute__((musttail)) return noted(frame)(frame);
}

ASYNC void await_continuation(void *frame) __asm__(AWAIT);
ASYNC void await_continuation(void *frame) {
  if (note(frame)) {
    ((struct frame *)frame)->resumed = goes_on;
  } else {
    // Better than nothing: it may have been resumed already.
    __tsan_acquire(swift_task_getCurrent());
  }
  __attribute__((musttail)) return library_await(frame);
}
