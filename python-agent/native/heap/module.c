/* The module's face for Python; README.md describes it. Every function but `join` is called with the GIL and keeps it. */
#include <errno.h>
#include <stdlib.h>
#include "base/bounds.h"
#include "base/clock.h"
#include "base/files.h"
#include "base/sockets.h"
#include "heap/fork.h"
#include "heap/pages.h"
#include "heap/probes.h"

#define EXPORT __attribute__((visibility("default")))

#define MOST_CAPTURES 4 /* as MOST of heap/snapshots.py */

/* All that the core keeps. Several children may be at work; what they walk is their own copy of `walk`. */
static struct {
    Python py;
    Checksum checksum;
    Walk walk;
    Capture captures[MOST_CAPTURES];
    long handles[MOST_CAPTURES], last_handle; /* 0: free */
    PyObject *reserve;
    Progress progress; /* of a walk in place */
} core;

#define X(name, text) text,
static const char *const stop_names[] = {STOPS(X)};
static const char *const phase_names[] = {PHASES(X)};
#undef X

static int ready(PyObject *options) {
    Walk *walk = &core.walk;
    if (!core.py.layout.version) PyErr_SetString(PyExc_RuntimeError, "setup was not called");
    else if (options_take(&walk->options, &core.py, options) && !walk->options.listed && !walk_lists_are_closed(&core.py))
        PyErr_SetString(PyExc_RuntimeError, "the collector is at work");
    if (PyErr_Occurred()) return 0;
    walk->py = &core.py;
    walk->checksum = &core.checksum;
    trust_update(&core.py.trust);
    return 1;
}

static PyObject *state(const char *name, const Progress *p, double pause, int detail) {
    return Py_BuildValue("{s:s,s:s,s:K,s:K,s:K,s:K,s:K,s:K,s:s,s:I,s:i,s:d}", "state", name, "phase",
                         phase_names[p->phase], "nodes", p->nodes, "edges", p->edges, "bytes", p->bytes, "memory", p->memory,
                         "tracked", p->tracked, "known", p->known, "reason", stop_names[p->stop], "errno", p->error,
                         "signal", detail, "pause", pause);
}

/* ---- Captures ---- */

static int pair(PyObject *options, const char *name, u64 numbers[2]) {
    PyObject *found = option_in(&core.py, options, name);
    unsigned long long values[2] = {0, 0};
    if (found && !PyArg_ParseTuple(found, "KK", &values[0], &values[1])) return 0;
    numbers[0] = values[0], numbers[1] = values[1];
    return found != NULL;
}

/* The dump's descriptor; -1 with an exception set where it is missing, or no longer the file that "identity" says. */
static int descriptor(PyObject *options) {
    PyObject *fd = PyDict_GetItemString(options, "fd");
    u64 identity[2];
    if (!fd) {
        PyErr_SetString(PyExc_ValueError, "fd is missing");
        return -1;
    }
    if (pair(options, "identity", identity) && !file_is((int)PyLong_AsLong(fd), identity))
        PyErr_SetString(PyExc_ValueError, "fd is another file by now");
    return PyErr_Occurred() ? -1 : (int)PyLong_AsLong(fd);
}

/* 0: an exception is set. */
static int target_of(PyObject *options, Target *target) {
    PyObject *path = option_in(&core.py, options, "path"), *stream = option_in(&core.py, options, "stream");
    char *bytes;
    Py_ssize_t size;
    *target = (Target){0};
    if (stream) {
        PyObject *hello;
        if (!PyArg_ParseTuple(stream, "siO", &target->stream.host, &target->stream.port, &hello)) return 0;
        if (PyBytes_AsStringAndSize(hello, &bytes, &size) != 0) return 0;
        target->stream.hello = bytes;
        target->stream.size = (size_t)size;
        return 1;
    }
    if (path && PyBytes_AsStringAndSize(path, &bytes, &size) == 0 && pair(options, "identity", target->identity)) target->path = bytes;
    else if (!PyErr_Occurred()) PyErr_SetString(PyExc_ValueError, "path or identity is missing");
    return !PyErr_Occurred();
}

static int slot_of(long handle) {
    for (int i = 0; i < MOST_CAPTURES; i++)
        if (core.handles[i] == handle) return i;
    return -1;
}

static PyObject *start(PyObject *self, PyObject *options) {
    PyObject *seconds = PyDict_GetItemString(options, "timeout");
    double entered = now_monotonic(), timeout = seconds ? PyFloat_AsDouble(seconds) : 60;
    Target target;
    Capture *capture;
    int error, slot = slot_of(0);
    (void)self;
    if (slot < 0) PyErr_SetString(PyExc_RuntimeError, "too many captures are under way");
    if (PyErr_Occurred() || !target_of(options, &target) || !ready(options)) return NULL;
    core.walk.in_place = 0;
    capture = &core.captures[slot];
    capture->reserve = core.reserve;
    error = capture_fork(capture, &core.walk, &target, timeout);
    if (error) return Py_BuildValue("{s:s,s:i}", "error", "fork", "errno", error);
    core.handles[slot] = ++core.last_handle;
    capture->pause = now_monotonic() - entered;
    return Py_BuildValue("{s:l,s:i,s:d}", "handle", core.last_handle, "pid", capture->pid, "pause", capture->pause);
}

/* NULL: an exception is set. */
static Capture *capture_of(PyObject *handle) {
    long number = PyLong_AsLong(handle);
    int slot = number > 0 ? slot_of(number) : -1;
    if (slot < 0 && !PyErr_Occurred()) PyErr_SetString(PyExc_ValueError, "no such capture");
    return slot < 0 ? NULL : &core.captures[slot];
}

static const char *state_name(const Capture *capture, int child, int detail) {
    if (child == CHILD_RUNNING) return "running";
    if (child == CHILD_EXITED && detail == 0) return "done";
    if (child == CHILD_EXITED && detail == 1) return "stopped";
    if (child == CHILD_SIGNALLED && capture->timed_out) return "timeout";
    return child == CHILD_SIGNALLED ? "killed" : child == CHILD_LOST ? "lost" : "failed";
}

static PyObject *poll(PyObject *self, PyObject *handle) {
    int child, detail;
    PyObject *result;
    Capture *capture = capture_of(handle);
    (void)self;
    if (!capture) return NULL;
    child = capture_poll(capture, &detail);
    result = state(state_name(capture, child, detail), capture->progress, capture->pause, child == CHILD_SIGNALLED ? detail : 0);
    if (child != CHILD_RUNNING) {
        capture_end(capture);
        core.handles[capture - core.captures] = 0;
    }
    return result;
}

static PyObject *cancel(PyObject *self, PyObject *handle) {
    Capture *capture = capture_of(handle);
    (void)self;
    if (!capture) return NULL;
    capture->progress->cancel = 1;
    return PyLong_FromLong(1);
}

static PyObject *end(PyObject *self, PyObject *handle) {
    Capture *capture = capture_of(handle);
    (void)self;
    if (!capture) return NULL;
    capture_kill(capture);
    return PyLong_FromLong(1);
}

static PyObject *forget(PyObject *self, PyObject *unused) {
    (void)self, (void)unused;
    for (int i = 0; i < MOST_CAPTURES; i++) {
        if (core.handles[i]) capture_end(&core.captures[i]);
        core.handles[i] = 0;
    }
    return PyLong_FromLong(1);
}

static int collector_off(void) {
    const Functions *functions = &core.py.functions;
    PyObject *was = core.walk.options.sites && functions->gc_isenabled ? functions->gc_isenabled(NULL, NULL) : NULL;
    int enabled = was && half_at(was, 24) != 0;
    if (was) Py_DecRef(was);
    if (enabled) Py_DecRef(functions->gc_disable(NULL, NULL));
    return enabled;
}

static PyObject *run(PyObject *self, PyObject *options) {
    Progress *progress = &core.progress;
    double began;
    int result, enabled, fd = descriptor(options);
    (void)self;
    if (PyErr_Occurred() || !ready(options)) return NULL;
    *progress = (Progress){0};
    began = now_monotonic();
    enabled = collector_off();
    core.walk.in_place = 1;
    result = walk_run(&core.walk, fd, progress);
    if (enabled) Py_DecRef(core.py.functions.gc_enable(NULL, NULL));
    progress->phase = PHASE_DONE;
    return state(result == 0 ? "done" : result > 0 ? "stopped" : "failed", progress, now_monotonic() - began, 0);
}

static PyObject *join(PyObject *self, PyObject *args) {
    unsigned long long from, to;
    unsigned int pages_needed;
    double seconds;
    u64 joined = 0, next;
    int error;
    void *state;
    (void)self;
    if (!PyArg_ParseTuple(args, "KKId", &from, &to, &pages_needed, &seconds)) return NULL;
    state = PyEval_SaveThread();
    next = pages_join(from, to, pages_needed, now_monotonic() + seconds, &joined, &error);
    PyEval_RestoreThread(state);
    return Py_BuildValue("(KKi)", (unsigned long long)next, (unsigned long long)joined, error);
}

/* Keeps the GIL, unlike reading it in Python: among busy threads that would cost a turn for each step. */
static PyObject *resident(PyObject *self, PyObject *unused) {
    (void)self, (void)unused;
    return PyLong_FromUnsignedLongLong(pages_resident());
}

static PyObject *bounds(PyObject *self, PyObject *unused) {
    (void)self, (void)unused;
    return Py_BuildValue("(KKK)", (unsigned long long)bound_hard(BOUND_FILE), (unsigned long long)bound_hard(BOUND_MEMORY),
                         (unsigned long long)bound_hard(BOUND_DATA));
}

/* ---- Files ---- */

static PyObject *create(PyObject *self, PyObject *args) {
    const char *path;
    u64 identity[2] = {0, 0};
    int result;
    (void)self;
    if (!PyArg_ParseTuple(args, "y", &path)) return NULL;
    result = file_create(path, identity);
    return Py_BuildValue("(iKK)", result, (unsigned long long)identity[0], (unsigned long long)identity[1]);
}

static PyObject *py_open_file(PyObject *self, PyObject *args) {
    const char *path;
    unsigned long long device, inode;
    int fd;
    (void)self;
    if (!PyArg_ParseTuple(args, "yKK", &path, &device, &inode)) return NULL;
    fd = file_open(path, (u64[2]){device, inode});
    return PyLong_FromLong(fd < 0 ? fd : file_lift(fd));
}

static PyObject *py_read(PyObject *self, PyObject *args) {
    const char *path;
    char *text;
    size_t size;
    PyObject *result;
    (void)self;
    if (!PyArg_ParseTuple(args, "y", &path)) return NULL;
    text = file_read(path, &size);
    result = PyBytes_FromStringAndSize(text ? text : "", text ? (Py_ssize_t)size : 0);
    free(text);
    return result;
}

static PyObject *py_close_file(PyObject *self, PyObject *args) {
    int fd;
    unsigned long long device, inode;
    (void)self;
    if (!PyArg_ParseTuple(args, "iKK", &fd, &device, &inode)) return NULL;
    return PyLong_FromLong(file_close(fd, (u64[2]){device, inode}));
}

/* ---- The socket of the link ---- */

static PyObject *py_open_socket(PyObject *self, PyObject *family) {
    (void)self;
    return PyLong_FromLong(socket_open((int)PyLong_AsLong(family)));
}

static PyObject *py_send(PyObject *self, PyObject *args) {
    int fd;
    unsigned long long cookie;
    PyObject *data;
    char *bytes;
    Py_ssize_t size;
    (void)self;
    if (!PyArg_ParseTuple(args, "iKO", &fd, &cookie, &data)) return NULL;
    if (PyBytes_AsStringAndSize(data, &bytes, &size) != 0) return NULL;
    return PyLong_FromLong(socket_send(fd, cookie, bytes, (size_t)size));
}

#define READ_AT_ONCE 65536 /* MAX_READ of link/channel.py */

static PyObject *py_receive(PyObject *self, PyObject *args) {
    int fd;
    unsigned long long cookie;
    char *buffer; /* not on the stack, which a program may have made small */
    long got;
    PyObject *result;
    (void)self;
    if (!PyArg_ParseTuple(args, "iK", &fd, &cookie)) return NULL;
    buffer = malloc(READ_AT_ONCE);
    got = buffer ? socket_receive(fd, cookie, buffer, READ_AT_ONCE) : -ENOMEM;
    result = got < 0 ? PyLong_FromLong(got) : PyBytes_FromStringAndSize(buffer, got);
    free(buffer);
    return result;
}

static PyObject *py_close_socket(PyObject *self, PyObject *args) {
    int fd;
    unsigned long long cookie;
    (void)self;
    if (!PyArg_ParseTuple(args, "iK", &fd, &cookie)) return NULL;
    return PyLong_FromLong(socket_close(fd, cookie));
}

/* ---- After a fork ---- */

static int call(void *function) {
    PyObject *result = PyObject_CallObject(function, NULL);
    Py_DecRef(function);
    if (result) Py_DecRef(result);
    return result ? 0 : -1;
}

static PyObject *call_soon(PyObject *self, PyObject *function) {
    int error;
    (void)self;
    Py_IncRef(function);
    error = Py_AddPendingCall(call, function);
    if (error) Py_DecRef(function);
    return PyLong_FromLong(error);
}

/* ---- What the agent found out ---- */

static PyObject *py_setup(PyObject *self, PyObject *args) {
    PyObject *numbers, *types, *fields, *functions;
    (void)self;
    if (!PyArg_ParseTuple(args, "OOOO", &numbers, &types, &fields, &functions)) return NULL;
    if (!python_take(&core.py, numbers, types, fields, functions)) return NULL;
    if (!core.reserve) core.reserve = PyLong_FromLong(1l << 40);
    return PyLong_FromLong(capture_supported());
}

static PyMethodDef methods[] = {
    {"setup", py_setup, METH_VARARGS, "setup(numbers, types, fields, functions): once; 1 where fork can be used"},
    {"start", start, METH_O, "start(options): forks; {handle, pid, pause} or {error, errno}"},
    {"poll", poll, METH_O, "poll(handle): how far it is; the last time it says how it ended"},
    {"cancel", cancel, METH_O, "cancel(handle): asks the child to stop"},
    {"kill", end, METH_O, "kill(handle): ends the child at once"},
    {"forget", forget, METH_NOARGS, "forget(): in a fork of the program, whose parent's capture this was"},
    {"run", run, METH_O, "run(options): in place; returns when the dump is written"},
    {"join", join, METH_VARARGS, "join(from, to, pages, seconds): small pages into large ones; (next, bytes joined, errno)"},
    {"resident", resident, METH_NOARGS, "bytes of this process in memory now; 0 where that is not told"},
    {"bounds", bounds, METH_NOARGS, "bounds(): hard limits of a file, of address space and of data in bytes; 0: none"},
    {"create", create, METH_VARARGS, "create(path): (0 or -errno, device, inode) of a new, empty file"},
    {"open_file", py_open_file, METH_VARARGS, "open_file(path, device, inode): a high descriptor to write that file, or -errno"},
    {"read", py_read, METH_VARARGS, "read(path): what is in a file, nothing where it cannot be read"},
    {"close_file", py_close_file, METH_VARARGS, "close_file(descriptor, device, inode): 0, or -errno; -EBADF: no longer that file"},
    {"open_socket", py_open_socket, METH_O, "open_socket(family): a TCP socket on a high descriptor, or -errno"},
    {"send", py_send, METH_VARARGS, "send(descriptor, cookie, bytes): how many were taken, or -errno; -EBADF: no longer that socket"},
    {"receive", py_receive, METH_VARARGS, "receive(descriptor, cookie): bytes, none at the end, or -errno"},
    {"close_socket", py_close_socket, METH_VARARGS, "close_socket(descriptor, cookie): 0, or -errno"},
    {"call_soon", call_soon, METH_O, "call_soon(function): the main thread calls it before its next step in Python; 0, or -1"},
    {NULL, NULL, 0, NULL}};

static PyModuleDef definition = {1, NULL, NULL, 0, NULL, "_heapscope_core", "Walks the heap in C; see native/README.md",
                                 -1, methods, NULL, NULL, NULL, NULL};

EXPORT PyObject *PyInit__heapscope_core(void) {
    PyObject *module;
    checksum_open(&core.checksum);
    peek_open(&core.py.peek);
    module = PyModule_Create2(&definition, PYTHON_ABI_VERSION);
    return module && PyModule_AddFunctions(module, probe_methods) == 0 ? module : NULL;
}
