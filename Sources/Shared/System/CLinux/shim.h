// Linux calls that Swift's Glibc module leaves out. Without _GNU_SOURCE, which would give types of <sys/select.h> another
// layout than the Glibc module's; what hides behind it is declared here.
#pragma once
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>

extern int accept4(int descriptor, struct sockaddr *address, socklen_t *length, int flags);

static inline void linux_set_thread_name(const char *name) { prctl(PR_SET_NAME, (unsigned long)name, 0, 0, 0); }
