/* The wall clock, DAYS later; nothing else. Loaded before libc by scripts/legs/later.sh into every program of a test.
 *
 * Only what tells the wall clock is shifted: monotonic clocks, sleeps and waits go as they do. Files that were there
 * before the leg began (FROM, seconds since 1970) are as old as they say; what was written since then was written DAYS
 * later. A time that a program gives a file itself is kept with a mark, so that it is read back as given.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <semaphore.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>
#include <utime.h>

#define SHIFT (DAYS * 86400L)
#define MARK (1L << 32)            /* 136 years */
#define A_DATE (1L << 30)          /* a deadline after this many seconds is a date, and not a time since the start */

/* ---- what the clock says ---- */

static int is_wall(clockid_t clock) {
    return clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE || clock == CLOCK_TAI;
}

int clock_gettime(clockid_t clock, struct timespec *at) {
    int failed = syscall(SYS_clock_gettime, clock, at);
    if (!failed && is_wall(clock)) at->tv_sec += SHIFT;
    return failed;
}

int gettimeofday(struct timeval *restrict at, void *restrict zone) {
    int failed = syscall(SYS_gettimeofday, at, zone);
    if (!failed) at->tv_sec += SHIFT;
    return failed;
}

time_t time(time_t *at) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME_COARSE, &now);
    if (at) *at = now.tv_sec;
    return now.tv_sec;
}

int timespec_get(struct timespec *at, int base) {
    return base == TIME_UTC && !clock_gettime(CLOCK_REALTIME, at) ? base : 0;
}

/* ---- waits until a date ---- */

static struct timespec real(const struct timespec *at) {
    return (struct timespec){at->tv_sec > A_DATE ? at->tv_sec - SHIFT : at->tv_sec, at->tv_nsec};
}

int sem_timedwait(sem_t *restrict what, const struct timespec *restrict until) {
    struct timespec at = real(until);
    return sem_clockwait(what, CLOCK_REALTIME, &at);
}

int pthread_mutex_timedlock(pthread_mutex_t *restrict what, const struct timespec *restrict until) {
    struct timespec at = real(until);
    return pthread_mutex_clocklock(what, CLOCK_REALTIME, &at);
}

int pthread_cond_timedwait(pthread_cond_t *restrict what, pthread_mutex_t *restrict lock,
                           const struct timespec *restrict until) {
    struct timespec at = real(until);
    return pthread_cond_clockwait(what, lock, until->tv_sec > A_DATE ? CLOCK_REALTIME : CLOCK_MONOTONIC, &at);
}

int clock_nanosleep(clockid_t clock, int flags, const struct timespec *until, struct timespec *left) {
    struct timespec at = flags & TIMER_ABSTIME && is_wall(clock) ? real(until) : *until;
    return syscall(SYS_clock_nanosleep, clock, flags, &at, left) ? errno : 0;
}

int timerfd_settime(int timer, int flags, const struct itimerspec *value, struct itimerspec *old) {
    struct itimerspec at = *value;
    if (flags & TFD_TIMER_ABSTIME) at.it_value = real(&value->it_value);
    return syscall(SYS_timerfd_settime, timer, flags, &at, old);
}

/* ---- times of files ---- */

static long told(long kept) {
    return kept >= MARK ? kept - MARK : kept >= FROM ? kept + SHIFT : kept;
}

static long kept(long told) {
    return told < FROM ? told : told < FROM + SHIFT ? told + MARK : told - SHIFT;
}

int fstatat(int folder, const char *restrict path, struct stat *restrict is, int flags) {
    int failed = syscall(SYS_newfstatat, folder, path, is, flags);
    if (!failed) {
        is->st_atim.tv_sec = told(is->st_atim.tv_sec);
        is->st_mtim.tv_sec = told(is->st_mtim.tv_sec);
        is->st_ctim.tv_sec = told(is->st_ctim.tv_sec);
    }
    return failed;
}

int stat(const char *restrict path, struct stat *restrict is) { return fstatat(AT_FDCWD, path, is, 0); }

int lstat(const char *restrict path, struct stat *restrict is) {
    return fstatat(AT_FDCWD, path, is, AT_SYMLINK_NOFOLLOW);
}

int fstat(int file, struct stat *is) { return fstatat(file, "", is, AT_EMPTY_PATH); }

int statx(int folder, const char *restrict path, int flags, unsigned mask, struct statx *restrict is) {
    int failed = syscall(SYS_statx, folder, path, flags, mask, is);
    if (!failed) {
        is->stx_atime.tv_sec = told(is->stx_atime.tv_sec);
        is->stx_btime.tv_sec = told(is->stx_btime.tv_sec);
        is->stx_ctime.tv_sec = told(is->stx_ctime.tv_sec);
        is->stx_mtime.tv_sec = told(is->stx_mtime.tv_sec);
    }
    return failed;
}

static int set_times(int folder, const char *path, const struct timespec *times, int flags) {
    struct timespec at[2];
    for (int i = 0; times && i < 2; i++) {
        at[i] = times[i];
        if (at[i].tv_nsec != UTIME_NOW && at[i].tv_nsec != UTIME_OMIT) at[i].tv_sec = kept(at[i].tv_sec);
    }
    return syscall(SYS_utimensat, folder, path, times ? at : NULL, flags);
}

static int set_micros(int folder, const char *path, const struct timeval *times, int flags) {
    struct timespec at[2];
    for (int i = 0; times && i < 2; i++) at[i] = (struct timespec){times[i].tv_sec, times[i].tv_usec * 1000};
    return set_times(folder, path, times ? at : NULL, flags);
}

int utimensat(int folder, const char *path, const struct timespec times[2], int flags) {
    return set_times(folder, path, times, flags);
}

int futimens(int file, const struct timespec times[2]) { return set_times(file, NULL, times, 0); }

int utimes(const char *path, const struct timeval times[2]) { return set_micros(AT_FDCWD, path, times, 0); }

int lutimes(const char *path, const struct timeval times[2]) {
    return set_micros(AT_FDCWD, path, times, AT_SYMLINK_NOFOLLOW);
}

int futimes(int file, const struct timeval times[2]) { return set_micros(file, NULL, times, 0); }

int futimesat(int folder, const char *path, const struct timeval times[2]) {
    return set_micros(folder, path, times, 0);
}

int utime(const char *path, const struct utimbuf *times) {
    struct timespec at[2] = {{times ? times->actime : 0, 0}, {times ? times->modtime : 0, 0}};
    return set_times(AT_FDCWD, path, times ? at : NULL, 0);
}

/* The names that programs have for the same on a machine of 64 bits, and had before glibc 2.33. */
#pragma GCC diagnostic ignored "-Wattribute-alias"
extern __typeof(stat64) stat64 __attribute__((alias("stat")));
extern __typeof(lstat64) lstat64 __attribute__((alias("lstat")));
extern __typeof(fstat64) fstat64 __attribute__((alias("fstat")));
extern __typeof(fstatat64) fstatat64 __attribute__((alias("fstatat")));

int __xstat(int version, const char *path, struct stat *is) { return (void)version, stat(path, is); }
int __lxstat(int version, const char *path, struct stat *is) { return (void)version, lstat(path, is); }
int __fxstat(int version, int file, struct stat *is) { return (void)version, fstat(file, is); }
int __fxstatat(int version, int folder, const char *path, struct stat *is, int flags) {
    return (void)version, fstatat(folder, path, is, flags);
}
extern __typeof(__xstat) __xstat64 __attribute__((alias("__xstat")));
extern __typeof(__lxstat) __lxstat64 __attribute__((alias("__lxstat")));
extern __typeof(__fxstat) __fxstat64 __attribute__((alias("__fxstat")));
extern __typeof(__fxstatat) __fxstatat64 __attribute__((alias("__fxstatat")));
