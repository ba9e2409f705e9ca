#define _GNU_SOURCE
#include "python/functions.h"
#include <dlfcn.h>

void *function_named(const char *name) { return dlsym(RTLD_DEFAULT, name); }

static PyCFunction function_in(PyObject *given, const char *name) {
    PyObject *function = PyDict_GetItemString(given, name);
    return function ? PyCFunction_GetFunction(function) : NULL;
}

void functions_find(Functions *f, PyObject *given) {
    *(void **)&f->PyInterpreterState_Get = function_named("PyInterpreterState_Get");
    *(void **)&f->PyInterpreterState_ThreadHead = function_named("PyInterpreterState_ThreadHead");
    *(void **)&f->PyThreadState_Next = function_named("PyThreadState_Next");
    *(void **)&f->PyCode_Addr2Line = function_named("PyCode_Addr2Line");
    *(void **)&f->PyUnstable_InterpreterFrame_GetLine = function_named("PyUnstable_InterpreterFrame_GetLine");
    *(void **)&f->PyFrame_GetLineNumber = function_named("PyFrame_GetLineNumber");
    *(void **)&f->PyDict_SizeOf = function_named("_PyDict_SizeOf");
    *(void **)&f->HashBuffer = function_named("Py_HashBuffer");
    if (!f->HashBuffer) *(void **)&f->HashBuffer = function_named("_Py_HashBytes");
    *(void **)&f->TraceMalloc_GetTraceback = function_named("_PyTraceMalloc_GetTraceback");
    *(void **)&f->PyMem_GetAllocator = function_named("PyMem_GetAllocator");
    *(void **)&f->PyGILState_GetThisThreadState = function_named("PyGILState_GetThisThreadState");
    *(void **)&f->PyThreadState_GetID = function_named("PyThreadState_GetID");
    *(void **)&f->PyMem_SetAllocator = function_named("PyMem_SetAllocator");
    *(void **)&f->PyType_GetDict = function_named("PyType_GetDict");
    f->gc_disable = function_in(given, "gc_disable");
    f->gc_enable = function_in(given, "gc_enable");
    f->gc_isenabled = function_in(given, "gc_isenabled");
}
