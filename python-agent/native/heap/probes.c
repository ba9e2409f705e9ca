#include "heap/probes.h"
#include "python/functions.h"
#include "python/objects.h"
#include "python/traces.h"

static PyObject *py_peek(PyObject *self, PyObject *args) {
    unsigned long long address;
    unsigned int size;
    char buffer[4096];
    Peek p;
    (void)self;
    peek_open(&p);
    if (!PyArg_ParseTuple(args, "KI", &address, &size)) return NULL;
    if (size > sizeof buffer || !peek(&p, (void *)address, buffer, size)) return Py_BuildValue("");
    return PyBytes_FromStringAndSize(buffer, (Py_ssize_t)size);
}

/* The head of the youngest generation: the neighbour of what was tracked last. */
static PyObject *youngest(PyObject *self, PyObject *unused) {
    PyObject *list = PyList_New(0);
    u64 head;
    (void)self, (void)unused;
    if (!list) return NULL;
    head = word_at(list, GC_NEXT) & ~(u64)GC_FLAGS;
    if (!head || (word_at((void *)head, 8) & ~(u64)GC_FLAGS) != (u64)list - 16) head = 0;
    Py_DecRef(list);
    return PyLong_FromUnsignedLongLong(head);
}

static PyObject *thread_state(PyObject *self, PyObject *unused) {
    void *(*get)(void) = NULL;
    (void)self, (void)unused;
    *(void **)&get = function_named("PyThreadState_Get");
    return PyLong_FromUnsignedLongLong(get ? (unsigned long long)get() : 0);
}

/* Makes the dictionary where this thread has none yet. */
static PyObject *thread_dict(PyObject *self, PyObject *unused) {
    PyObject *(*get)(void) = NULL;
    (void)self, (void)unused;
    *(void **)&get = function_named("PyThreadState_GetDict");
    return PyLong_FromUnsignedLongLong(get ? (unsigned long long)get() : 0);
}

static PyObject *py_symbol(PyObject *self, PyObject *args) {
    const char *name;
    (void)self;
    if (!PyArg_ParseTuple(args, "s", &name)) return NULL;
    return PyLong_FromUnsignedLongLong((unsigned long long)function_named(name));
}

static PyObject *py_find_traces(PyObject *self, PyObject *args) {
    unsigned long long from, to, block;
    Peek p;
    (void)self;
    peek_open(&p);
    if (!PyArg_ParseTuple(args, "KKK", &from, &to, &block)) return NULL;
    return PyLong_FromUnsignedLongLong(traces_find(&p, from, to, block));
}

static PyObject *py_traceback_of(PyObject *self, PyObject *args) {
    unsigned long long slot, block;
    Traces traces;
    Peek p;
    (void)self;
    peek_open(&p);
    if (!PyArg_ParseTuple(args, "KK", &slot, &block)) return NULL;
    traces = (Traces){&p, slot, 1};
    return PyLong_FromUnsignedLongLong(traces_of(&traces, block));
}

static PyObject *pair_count(PyObject *self, PyObject *dict) {
    PyObject *key, *value;
    Py_ssize_t pos = 0;
    long count = 0;
    (void)self;
    while (PyDict_Next(dict, &pos, &key, &value)) count++;
    return PyLong_FromLong(count);
}

PyMethodDef probe_methods[] = {
    {"peek", py_peek, METH_VARARGS, "peek(address, size): bytes, or None where nothing is"},
    {"youngest", youngest, METH_NOARGS, "address of the head of the collector's youngest list, or 0"},
    {"thread_state", thread_state, METH_NOARGS, "address of the calling thread's state"},
    {"thread_dict", thread_dict, METH_NOARGS, "address of the calling thread's own dictionary"},
    {"find_traces", py_find_traces, METH_VARARGS, "find_traces(from, to, block): which word points to tracemalloc's table, or 0"},
    {"traceback_of", py_traceback_of, METH_VARARGS, "traceback_of(slot, block): address of tracemalloc's traceback, or 0"},
    {"symbol", py_symbol, METH_VARARGS, "symbol(name): address of an exported symbol, or 0"},
    {"pair_count", pair_count, METH_O, "pair_count(mapping): pairs that PyDict_Next gives"},
    {NULL, NULL, 0, NULL}};
