/* Numbers of the dump. Written by `npm run dump-format` from python-agent/dump-format.json; DUMP.md says what each means. */
#ifndef HEAPSCOPE_BASE_DUMP_FORMAT_H
#define HEAPSCOPE_BASE_DUMP_FORMAT_H

/* Flags of the header. */
enum {
    DUMP_FLAG_ADDRESSES = 1,
    DUMP_FLAG_PREVIEWS = 2,
    DUMP_FLAG_SITES = 4,
    DUMP_FLAG_CENSUS = 8,
};

/* How the walk ended, in the footer. */
enum {
    DUMP_STATUS_WHOLE = 0,
    DUMP_STATUS_STOPPED = 1,
};

/* Bytes of a block's body and of strings; nodes of a block; references of a root. */
enum {
    DUMP_LIMIT_BODY = 16777216,
    DUMP_LIMIT_NODES = 65536,
    DUMP_LIMIT_TYPE_NAME = 500,
    DUMP_LIMIT_LABEL = 200,
    DUMP_LIMIT_TEXT = 200,
    DUMP_LIMIT_PREVIEW = 120,
    DUMP_LIMIT_FILE_NAME = 1000,
    DUMP_LIMIT_ROOT_REFERENCES = 20000,
};

/* Flags of a node. */
enum {
    NODE_FLAG_TRACKED = 1,
    NODE_FLAG_TYPE = 2,
    NODE_FLAG_IMMORTAL = 4,
    NODE_FLAG_PERMANENT = 8,
    NODE_FLAG_INSTANCE_DICT = 16,
    NODE_FLAG_INTERNED = 32,
    NODE_FLAG_SHARED_KEYS = 64,
    NODE_FLAG_EMBEDDED = 128,
};

/* Flags of a type. */
enum {
    TYPE_FLAG_PYTHON = 1,
    TYPE_FLAG_HEAP = 2,
    TYPE_FLAG_FINALIZER = 4,
    TYPE_FLAG_WEAK_REFERENCED = 8,
    TYPE_FLAG_METACLASS = 16,
    TYPE_FLAG_SLOTS = 32,
    TYPE_FLAG_UNCOLLECTED = 64,
    TYPE_FLAG_LOWER_BOUND = 128,
};

/* Kinds of labels; `weak` is added to another. */
enum {
    LABEL_NONE = 0,
    LABEL_ATTRIBUTE = 1,
    LABEL_FIELD = 2,
    LABEL_LOCAL = 3,
    LABEL_CLOSURE = 4,
    LABEL_WEAK = 64,
};

/* What follows the labelled edges of a shape. */
enum {
    REST_UNNAMED = 0,
    REST_PAIRS = 1,
    REST_ITEMS = 2,
    REST_MEMBERS = 3,
    REST_VALUES = 4,
};

/* Kinds of roots. */
enum {
    DUMP_ROOT_MODULES = 1,
    DUMP_ROOT_THREAD = 2,
    DUMP_ROOT_FRAME = 3,
    DUMP_ROOT_INTERPRETER = 4,
    DUMP_ROOT_STATIC_TYPES = 5,
    DUMP_ROOT_AGENT = 6,
    DUMP_ROOT_GARBAGE_LIST = 7,
    DUMP_ROOT_INTERNED = 8,
};

#endif
