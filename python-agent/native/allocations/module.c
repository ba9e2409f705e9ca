/* The module's face for Python; native/README.md describes it. Every function is called with the GIL and keeps it. */
#include "allocations/hooks.h"
#include "allocations/sampler.h"

#define EXPORT __attribute__((visibility("default")))

static struct {
    Python py;
    int is_open, is_set;
    u32 texts_sent, sites_sent, threads_named;
} module;

/* ---- Threads' names ---- */

static int is_alive(const SiteThread *thread) {
    const Functions *f = &module.py.functions;
    void *state = f->PyInterpreterState_Get ? f->PyInterpreterState_ThreadHead(f->PyInterpreterState_Get()) : NULL;
    for (; state; state = f->PyThreadState_Next(state))
        if (word_at(state, module.py.layout.thread_id) == thread->ident && stack_serial(&module.py, state) == thread->serial) return 1;
    return 0;
}

/* `names(ident or 0 for a thread that has ended, its number)` gives a str. 0: an exception is set. */
static int name_threads(const Collected *c, PyObject *names) {
    const SiteTree *tree = sampler_sites();
    for (; module.threads_named < c->threads; module.threads_named++) {
        const SiteThread *thread = &tree->threads[module.threads_named];
        PyObject *args = Py_BuildValue("(KK)", is_alive(thread) ? (unsigned long long)thread->ident : 0ull,
                                       (unsigned long long)thread->serial - 1);
        PyObject *name = args ? PyObject_CallObject(names, args) : NULL, *bytes = name ? PyUnicode_AsUTF8String(name) : NULL;
        char *text;
        Py_ssize_t size;
        if (bytes && PyBytes_AsStringAndSize(bytes, &text, &size) == 0) sampler_name(thread->site, text, (u32)size);
        if (args) Py_DecRef(args);
        if (name) Py_DecRef(name);
        if (bytes) Py_DecRef(bytes);
        if (!bytes) return 0;
    }
    return 1;
}

/* ---- Lists ---- */

/* Takes over `item`; both may be NULL. */
static PyObject *with(PyObject *list, PyObject *item) {
    if (list && item && PyList_Append(list, item) == 0) {
        Py_DecRef(item);
        return list;
    }
    if (item) Py_DecRef(item);
    if (list) Py_DecRef(list);
    return NULL;
}

static PyObject *new_nodes(u32 until) {
    PyObject *list = PyList_New(0);
    for (u32 i = module.sites_sent; i < until && list; i++) {
        const Site *s = &sampler_sites()->sites[i];
        list = with(list, Py_BuildValue("[LIII]", s->parent == NONE ? -1ll : (long long)s->parent, s->name, s->file, s->line));
    }
    return list;
}

static PyObject *new_texts(u32 until) {
    const TextTable *texts = &sampler_sites()->texts;
    PyObject *list = PyList_New(0);
    for (u32 i = module.texts_sent; i < until && list; i++)
        list = with(list, PyUnicode_DecodeUTF8(texts->bytes + texts->entries[i].at, texts->entries[i].length, "replace"));
    return list;
}

static PyObject *sums_of(const Sums *sums, u32 kind) {
    PyObject *list = PyList_New(0);
    for (u32 i = 0; i < sums->count && list; i++) {
        const Sum *s = &sums->sums[i];
        if (s->kind != kind) continue;
        list = with(list, kind == SUM_MADE ? Py_BuildValue("[Iddd]", s->site, s->bytes, s->blocks, s->variance)
                                           : Py_BuildValue("[IIddd]", s->site, s->epoch, s->bytes, s->blocks, s->variance));
    }
    return list;
}

static PyObject *collect(PyObject *self, PyObject *args) {
    PyObject *names;
    double mean;
    int always;
    u32 texts;
    Collected c;
    (void)self;
    if (!PyArg_ParseTuple(args, "Odi", &names, &mean, &always)) return NULL;
    sampler_set_own_thread();
    if (!sampler_collect(&c, mean, always)) return Py_BuildValue("");
    if (mean >= 0) hooks_arm();
    if (!name_threads(&c, names)) return NULL;
    texts = sampler_texts();
    PyObject *result = Py_BuildValue("{s:I,s:K,s:K,s:K,s:N,s:N,s:N,s:N}", "epoch", c.epoch, "live", c.live, "merged", c.merged,
                                     "dropped", c.dropped, "strings", new_texts(texts), "nodes", new_nodes(c.sites), "made",
                                     sums_of(c.sums, SUM_MADE), "freed", sums_of(c.sums, SUM_FREED));
    if (result) module.texts_sent = texts, module.sites_sent = c.sites;
    return result;
}

/* ---- Beginning and end ---- */

static PyObject *setup(PyObject *self, PyObject *args) {
    PyObject *numbers, *types, *fields, *functions, *own;
    char *folder;
    Py_ssize_t size;
    unsigned int frames;
    (void)self;
    if (!PyArg_ParseTuple(args, "OOOI", &numbers, &types, &own, &frames)) return NULL;
    if (module.is_open) return PyLong_FromLong(1);
    if (PyBytes_AsStringAndSize(own, &folder, &size) != 0) return NULL;
    fields = PyList_New(0);
    functions = Py_BuildValue("{}");
    if (!fields || !functions || !python_take(&module.py, numbers, types, fields, functions)) return NULL;
    Py_DecRef(fields);
    Py_DecRef(functions);
    module.is_open = module.py.layout.frames > 0 && module.py.layout.thread_frame > 0 && module.py.layout.thread_id > 0 &&
                     module.py.layout.code_filename > 0 && module.py.layout.code_name > 0 && module.py.functions.PyThreadState_GetID &&
                     hooks_open(&module.py) && sampler_open(&module.py, frames < MOST_FRAMES ? frames : MOST_FRAMES, folder, (u32)size);
    return PyLong_FromLong(module.is_open);
}

static PyObject *start(PyObject *self, PyObject *args) {
    double mean;
    unsigned long long seed;
    (void)self;
    if (!PyArg_ParseTuple(args, "dK", &mean, &seed)) return NULL;
    if (!module.is_open) PyErr_SetString(PyExc_RuntimeError, "setup was not called");
    else if (!sampler_reset(seed, module.is_set ? mean : 0)) PyErr_SetString(PyExc_RuntimeError, "no memory for the table");
    if (PyErr_Occurred()) return NULL;
    if (!module.is_set) {
        module.is_set = hooks_set(HOOKS_ALL);
        hooks_measure();
        if (!sampler_reset(seed, mean)) PyErr_SetString(PyExc_RuntimeError, "no memory for the table");
    }
    module.texts_sent = module.sites_sent = module.threads_named = 0;
    hooks_arm();
    return PyErr_Occurred() ? NULL : PyLong_FromLong(1);
}

static PyObject *stop(PyObject *self, PyObject *unused) {
    (void)self, (void)unused;
    if (module.is_open) sampler_disarm();
    return PyLong_FromLong(1);
}

static PyObject *missing(PyObject *self, PyObject *unused) {
    (void)self, (void)unused;
    return PyLong_FromLong(module.is_set ? HOOKS_ALL & ~hooks_are_in() : 0);
}

static PyObject *put_back(PyObject *self, PyObject *domains) {
    long wanted = PyLong_AsLong(domains);
    (void)self;
    if (PyErr_Occurred()) return NULL;
    return PyLong_FromLong(module.is_set && hooks_set((u32)wanted & HOOKS_ALL));
}

static PyObject *limit(PyObject *self, PyObject *count) {
    long wanted = PyLong_AsLong(count);
    (void)self;
    if (PyErr_Occurred()) return NULL;
    sampler_limit_sites(wanted > 0 && wanted < (long)MOST_SITES ? (u32)wanted : MOST_SITES);
    return PyLong_FromLong(wanted);
}

static PyObject *state(PyObject *self, PyObject *unused) {
    size_t from = hooks_inner_from();
    (void)self, (void)unused;
    return Py_BuildValue("{s:K,s:L}", "memory", (unsigned long long)sampler_memory(), "inner", from > 1024 ? -1ll : (long long)from);
}

static PyMethodDef methods[] = {
    {"setup", setup, METH_VARARGS, "setup(numbers, types, own folder, frames): once; 0 where the interpreter is not as expected"},
    {"start", start, METH_VARARGS, "start(mean, seed): with an empty table; sets the hooks the first time"},
    {"collect", collect, METH_VARARGS, "collect(names, mean or -1, always): what has come since the last time, or None"},
    {"missing", missing, METH_NOARGS, "missing(): bits of the domains whose blocks no longer pass through us"},
    {"put_back", put_back, METH_O, "put_back(domains): sets the hooks there again; 0: too often"},
    {"stop", stop, METH_NOARGS, "stop(): samples nothing from now on; no thread is in the sampler any more"},
    {"limit", limit, METH_O, "limit(count): sites of the tree, for tests"},
    {"state", state, METH_NOARGS, "bytes of memory taken; from which size on blocks are counted in the raw domain, or -1"},
    {NULL, NULL, 0, NULL}};

static PyModuleDef definition = {1, NULL, NULL, 0, NULL, "_heapscope_allocations", "Samples allocations; see native/README.md",
                                 -1, methods, NULL, NULL, NULL, NULL};

EXPORT PyObject *PyInit__heapscope_allocations(void) {
    peek_open(&module.py.peek);
    return PyModule_Create2(&definition, PYTHON_ABI_VERSION);
}
