/*
 * The small part of CPython's stable ABI (3.9) that the core uses, declared by hand.
 *
 * Python.h is often not installed where a program runs, and one library has to work on 3.9 to 3.15. Everything here
 * is in the limited API of 3.9; newer functions, and those outside of it, are looked up by name (functions.h) and
 * may be NULL. The structures are those that the stable ABI fixes. GIL builds on 64-bit machines only: setup refuses
 * all others.
 */
#ifndef HEAPSCOPE_PYTHON_ABI_H
#define HEAPSCOPE_PYTHON_ABI_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#if UINTPTR_MAX != 0xFFFFFFFFFFFFFFFFu || __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "the core is written for 64-bit little-endian machines; heapscope uses its pure Python walk elsewhere"
#endif

typedef struct _object PyObject; /* never dereferenced through this name: see objects.h and layout.h for offsets */
typedef ssize_t Py_ssize_t;
typedef PyObject *(*PyCFunction)(PyObject *self, PyObject *args);
typedef int (*visitproc)(PyObject *object, void *arg);
typedef int (*traverseproc)(PyObject *self, visitproc visit, void *arg);
typedef int (*inquiry)(PyObject *self);

typedef struct {
    const char *name;
    PyCFunction meth;
    int flags;
    const char *doc;
} PyMethodDef;

typedef struct {
    const char *name;
    int type;
    Py_ssize_t offset;
    int flags;
    const char *doc;
} PyMemberDef;

typedef struct {
    Py_ssize_t refcount;
    void *type;
    PyObject *(*init)(void);
    Py_ssize_t index;
    PyObject *copy;
    const char *name;
    const char *doc;
    Py_ssize_t size;
    PyMethodDef *methods;
    void *slots;
    traverseproc traverse;
    inquiry clear;
    void (*free)(void *);
} PyModuleDef;

#define METH_VARARGS 0x0001
#define METH_NOARGS 0x0004
#define METH_O 0x0008
#define T_OBJECT 6
#define T_OBJECT_EX 16
#define PYTHON_ABI_VERSION 3

extern PyObject *PyModule_Create2(PyModuleDef *def, int abi);
extern int PyModule_AddFunctions(PyObject *module, PyMethodDef *methods);
extern int PyArg_ParseTuple(PyObject *args, const char *format, ...);
extern PyObject *Py_BuildValue(const char *format, ...);
extern void *PyEval_SaveThread(void);
extern void PyEval_RestoreThread(void *state);
extern void Py_IncRef(PyObject *o);
extern void Py_DecRef(PyObject *o);

extern void PyErr_SetString(PyObject *type, const char *text);
extern PyObject *PyErr_Occurred(void);
extern void PyErr_Clear(void);
extern PyObject *PyExc_RuntimeError, *PyExc_ValueError, *PyExc_TypeError;

extern int PyDict_Next(PyObject *dict, Py_ssize_t *pos, PyObject **key, PyObject **value);
extern PyObject *PyDict_GetItemString(PyObject *dict, const char *key);
extern Py_ssize_t PyDict_Size(PyObject *dict);
extern PyObject *PyList_New(Py_ssize_t size);
extern Py_ssize_t PyList_Size(PyObject *list);
extern int PyList_Append(PyObject *list, PyObject *item);
extern PyObject *PyList_GetItem(PyObject *list, Py_ssize_t index);
extern Py_ssize_t PyTuple_Size(PyObject *tuple);
extern PyObject *PyTuple_GetItem(PyObject *tuple, Py_ssize_t index);
extern long PyLong_AsLong(PyObject *o);
extern Py_ssize_t PyLong_AsSsize_t(PyObject *o);
extern unsigned long long PyLong_AsUnsignedLongLong(PyObject *o);
extern PyObject *PyLong_FromUnsignedLongLong(unsigned long long value);
extern PyObject *PyLong_FromLong(long value);
extern double PyFloat_AsDouble(PyObject *o);
extern PyObject *PyBytes_FromStringAndSize(const char *data, Py_ssize_t size);
extern int PyBytes_AsStringAndSize(PyObject *o, char **data, Py_ssize_t *size);
extern PyCFunction PyCFunction_GetFunction(PyObject *o);
extern PyObject *PyObject_CallObject(PyObject *function, PyObject *args);
extern int Py_AddPendingCall(int (*function)(void *), void *arg);
extern PyObject *PyUnicode_AsUTF8String(PyObject *o);
extern PyObject *PyUnicode_DecodeUTF8(const char *data, Py_ssize_t size, const char *errors);

#endif
