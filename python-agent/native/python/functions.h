/* Functions of CPython outside the limited API of 3.9, found by name; any may be NULL. */
#ifndef HEAPSCOPE_PYTHON_FUNCTIONS_H
#define HEAPSCOPE_PYTHON_FUNCTIONS_H

#include "python/abi.h"

/* As PyMemAllocatorEx. */
typedef struct {
    void *ctx;
    void *(*take)(void *ctx, size_t size);
    void *(*take_zeroed)(void *ctx, size_t count, size_t size);
    void *(*resize)(void *ctx, void *block, size_t size);
    void (*give)(void *ctx, void *block);
} MemoryFunctions;

typedef struct {
    void *(*PyInterpreterState_Get)(void);
    void *(*PyInterpreterState_ThreadHead)(void *interp);
    void *(*PyThreadState_Next)(void *tstate);
    int (*PyCode_Addr2Line)(void *code, int offset);
    int (*PyUnstable_InterpreterFrame_GetLine)(void *frame);
    int (*PyFrame_GetLineNumber)(void *frame);
    Py_ssize_t (*PyDict_SizeOf)(void *dict);
    Py_ssize_t (*HashBuffer)(const void *data, Py_ssize_t size);
    PyObject *(*PyType_GetDict)(void *type);
    PyObject *(*TraceMalloc_GetTraceback)(unsigned int domain, uintptr_t address);
    void (*PyMem_GetAllocator)(int domain, MemoryFunctions *functions);
    void (*PyMem_SetAllocator)(int domain, MemoryFunctions *functions);
    void *(*PyGILState_GetThisThreadState)(void);
    uint64_t (*PyThreadState_GetID)(void *tstate);
    PyCFunction gc_disable, gc_enable, gc_isenabled;
} Functions;

void functions_find(Functions *functions, PyObject *given); /* `given`: those of the module gc, in a dictionary */
void *function_named(const char *name);                     /* NULL where there is none */

#endif
