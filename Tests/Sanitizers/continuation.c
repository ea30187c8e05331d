// Tells the thread sanitizer what a task hears of that does not wait for its continuation.
//
// Whoever resumes a continuation says so to the sanitizer, and the task that was suspended hears of it. One whose continuation
// was resumed before it came to wait goes on at once and hears of nothing: what it was given looks like a race. So each task
// that waits for a continuation is sent through a function of this file when it goes on.
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

// Tasks that wait, by their frames; neighbours take the places behind.
enum { PLACES = 1 << 16 };
static struct {
  struct frame *frame;
  resumed_function *resumed;
} waiting[PLACES];
// One that the sanitizer does not see, else it would take all tasks for ordered by it.
static atomic_flag lock = ATOMIC_FLAG_INIT;
static await_function *library_await;

__attribute__((constructor)) static void find_library(void) {
  library_await = (await_function *)dlsym(RTLD_NEXT, AWAIT);
}

static uint32_t place_of(const struct frame *frame) {
  return (uint32_t)(((uintptr_t)frame * UINT64_C(0x9e3779b97f4a7c15)) >> 48) % PLACES;
}

static void keep(struct frame *frame) {
  while (atomic_flag_test_and_set(&lock)) sched_yield();
  for (uint32_t turn = 0; turn < PLACES; turn++) {
    uint32_t place = (place_of(frame) + turn) % PLACES;
    if (waiting[place].frame) continue;
    waiting[place].frame = frame;
    waiting[place].resumed = frame->resumed;
    atomic_flag_clear(&lock);
    return;
  }
  abort();
}

static resumed_function *take(const struct frame *frame) {
  while (atomic_flag_test_and_set(&lock)) sched_yield();
  for (uint32_t turn = 0; turn < PLACES; turn++) {
    uint32_t place = (place_of(frame) + turn) % PLACES;
    if (waiting[place].frame != frame) continue;
    waiting[place].frame = NULL;
    resumed_function *resumed = waiting[place].resumed;
    atomic_flag_clear(&lock);
    return resumed;
  }
  abort();
}

static ASYNC void goes_on(FRAME void *frame) {
  __tsan_acquire(swift_task_getCurrent());
  __attribute__((musttail)) return take(frame)(frame);
}

ASYNC void await_continuation(void *frame) __asm__(AWAIT);
ASYNC void await_continuation(void *frame) {
  keep(frame);
  ((struct frame *)frame)->resumed = goes_on;
  __attribute__((musttail)) return library_await(frame);
}
