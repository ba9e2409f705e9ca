/*
 * The layout of this interpreter: numbers that the agent found in, or verified against, living samples before it
 * passed them on. Offsets are -1 if a probe failed: then the references are there, without names.
 */
#ifndef HEAPSCOPE_PYTHON_LAYOUT_H
#define HEAPSCOPE_PYTHON_LAYOUT_H

#include "python/abi.h"

#define LAYOUT_NUMBERS(X) \
    X(version)          /* 0x0309 … */ \
    X(pre_flags)        /* bits of tp_flags that mean 16 more bytes before the object */ \
    X(static_pre)       /* bytes that sys.getsizeof adds for a static type object */ \
    X(str_ascii)        /* data of a compact ASCII string */ \
    X(str_wide)         /* data of any other compact string */ \
    X(str_empty)        /* sys.getsizeof("") */ \
    X(str_ready)        /* bit of the state that says "ready", up to 3.11 */ \
    X(tuple_items) \
    X(int_tagged)       /* 1: size and sign share a tag, from 3.12 */ \
    X(int_bits)         /* bits per digit */ \
    X(generation0) X(generation1) X(generation2) X(permanent) /* addresses of the collector's list heads */ \
    X(type_name) X(type_qualname) X(type_slots) X(type_keys) \
    X(subtype_dealloc) X(slot_finalize) /* what Python classes have there */ \
    X(values)           /* where instances keep attributes: 1 behind a pointer, 2 behind a tagged one, 3 embedded */ \
    X(values_offset) \
    X(values_flag)      /* bit of tp_flags that says so */ \
    X(values_sized)     /* 1: sys.getsizeof counts them */ \
    X(managed_dict)     /* pointer to the __dict__ that such instances may have besides */ \
    X(frames)           /* 1: frame objects (3.9, 3.10), 2: interpreter frames */ \
    X(frame_data)       /* in a frame object: pointer to its interpreter frame */ \
    X(frame_code) X(frame_previous) X(frame_locals) X(frame_globals) X(frame_func) X(frame_namespace) X(frame_instr) \
    X(generator_frame)  /* in a generator: its interpreter frame */ \
    X(generator_state)  /* a byte of it */ \
    X(generator_states) /* its values, a byte each: not started, suspended, suspended in another, running */ \
    X(frame_last)       /* in a frame object up to 3.10: the last instruction */ \
    X(code_filename) X(code_name) X(code_names) X(code_kinds) X(code_varnames) X(code_cellvars) X(code_freevars) \
    X(code_bytes) X(code_line) \
    X(thread_frame) X(thread_frame_via) X(thread_id) X(thread_dict) X(thread_context) X(thread_exception) \
    X(function_code) X(function_closure) \
    X(array_data) X(array_nd) X(array_shape) X(array_strides) X(array_base) X(array_descr) X(array_flags) \
    X(descr_kind) X(descr_size) X(descr_narrow) \
    X(array_kind)       /* in an array of numbers: pointer to a letter and, 4 bytes on, the size of an item */ \
    X(cdata_data) X(cdata_owns) X(cdata_size) /* of ctypes: pointer to the memory, whether it is its own, its size */ \
    X(aware)            /* a byte of times: whether they have a tzinfo; the last 8 bytes are not there without one */ \
    X(bytesio_visited)  /* 1: the collector is told of a BytesIO's buffer, which sys.getsizeof counts all the same */ \
    X(traces)           /* address of tracemalloc's pointer to its table of blocks */ \
    X(traces_text)      /* 1: its names of files are C strings, from 3.15 */ \
    X(lock_more) X(rlock_more) X(queue_more) /* bytes that belong to each and that sys.getsizeof leaves out */ \
    X(variable_name)    /* in a context variable */ \
    X(cache_first) X(cache_stride) X(cache_tail) X(cache_function) X(cache_function_place) X(cache_results_place) /* heap/holders.h */ \
    X(task_name) X(task_coroutine) \
    X(greenlet_inner)   /* in a greenlet: pointer to its private part */ \
    X(exits) X(exits_list) X(exits_own) /* address of the pointer to atexit's callbacks; 1: to a list; address of the agent's */

typedef struct {
#define X(name) long name;
    LAYOUT_NUMBERS(X)
#undef X
} Layout;

int layout_take(Layout *layout, PyObject *numbers); /* a dictionary of int by name; 0: an exception is set */

#endif
