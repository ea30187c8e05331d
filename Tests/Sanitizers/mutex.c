// Tells the thread sanitizer about the locks that it cannot see.
//
// Swift's `Mutex` is inlined where nobody else holds it, and there the sanitizer sees its atomic operations. A lock that is
// contended goes through two functions of the Swift library, which is built without the sanitizer, to the kernel: what the
// mutex protects then looks like a race. This file is linked into the test executable, so its definitions of the two come
// first: they do what the library does and say what it means.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdint.h>

#define LOCK "$s15Synchronization12_MutexHandleV9_lockSlowyys6UInt32VF"
#define UNLOCK "$s15Synchronization12_MutexHandleV11_unlockSlowyyF"

void __tsan_acquire(void *address);
void __tsan_release(void *address);

#define SWIFT __attribute__((swiftcall))
#define SELF __attribute__((swift_context))

typedef SWIFT void lock_function(uint32_t thread, SELF void *mutex);
typedef SWIFT void unlock_function(SELF void *mutex);

static lock_function *library_lock;
static unlock_function *library_unlock;

__attribute__((constructor)) static void find_library(void) {
  library_lock = (lock_function *)dlsym(RTLD_NEXT, LOCK);
  library_unlock = (unlock_function *)dlsym(RTLD_NEXT, UNLOCK);
}

SWIFT void lock_slowly(uint32_t thread, SELF void *mutex) __asm__(LOCK);
SWIFT void lock_slowly(uint32_t thread, SELF void *mutex) {
  library_lock(thread, mutex);
  __tsan_acquire(mutex);
}

SWIFT void unlock_slowly(SELF void *mutex) __asm__(UNLOCK);
SWIFT void unlock_slowly(SELF void *mutex) {
  __tsan_release(mutex);
  library_unlock(mutex);
}
