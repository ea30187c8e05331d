// Linux calls that Swift's Glibc module leaves out. Without _GNU_SOURCE, which would give types of <sys/select.h> another
// layout than the Glibc module's; what hides behind it is declared here.
#pragma once
#include <errno.h>
#include <malloc.h>
#include <sched.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <unistd.h>

extern int sched_getaffinity(pid_t process, size_t size, cpu_set_t *set);
extern int accept4(int descriptor, struct sockaddr *address, socklen_t *length, int flags);

static inline void linux_set_thread_name(const char *name) { prctl(PR_SET_NAME, (unsigned long)name, 0, 0, 0); }

// Of the calling thread alone, as Linux has it (setpriority(2), "C library/kernel differences").
static inline int linux_set_thread_niceness(int niceness) { return setpriority(PRIO_PROCESS, 0, niceness); }

// Signals as bytes in a pipe. In C, since a handler may do next to nothing, and Swift promises nothing about itself there.
static int linux_signal_pipe = -1;

static void linux_signal_handler(int number) {
  int saved = errno;
  unsigned char byte = (unsigned char)number;
  ssize_t written = write(linux_signal_pipe, &byte, 1);
  (void)written;
  errno = saved;
}

static inline int linux_send_signals_to(int pipe, const int *numbers, int count) {
  linux_signal_pipe = pipe;
  struct sigaction action = {0};
  action.sa_handler = linux_signal_handler;
  action.sa_flags = SA_RESTART;
  for (int index = 0; index < count; index++)
    if (sigaction(numbers[index], &action, 0) != 0) return -1;
  return 0;
}
