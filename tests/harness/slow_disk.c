/* A disk that takes its time: loaded before the C library (LD_PRELOAD), fsync and fdatasync wait as
   many milliseconds as the file says that SLOW_DISK names, and note in it by a dot that they did. */

#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

static void wait_as_told(void)
{
    const char *path = getenv("SLOW_DISK");
    char told[16] = "";
    int kept = errno, file = path ? open(path, O_RDWR | O_APPEND | O_CLOEXEC) : -1;

    if (file >= 0 && read(file, told, sizeof told - 1) > 0) {
        long ms = atol(told);
        struct timespec left = {ms / 1000, ms % 1000 * 1000000};

        while (nanosleep(&left, &left) == -1 && errno == EINTR)
            continue;
        if (write(file, ".", 1) != 1)
            abort();
    }
    if (file >= 0)
        close(file);
    errno = kept;
}

int fsync(int file)
{
    int (*real)(int) = (int (*)(int))dlsym(RTLD_NEXT, "fsync");

    wait_as_told();
    return real(file);
}

int fdatasync(int file)
{
    int (*real)(int) = (int (*)(int))dlsym(RTLD_NEXT, "fdatasync");

    wait_as_told();
    return real(file);
}
