#include "python/frames.h"
#include "python/text.h"

int looks_like_object(const Python *py, char *o) {
    char head[16], *type, *meta;
    u64 flags;
    if (!o || ((u64)o & 7) || !peek(&py->peek, o, head, 16) || !half_at(head, 0)) return 0;
    type = pointer_at(head, OB_TYPE);
    if (type == py->types.str_ || type == py->types.int_ || type == py->types.dict_ || type == py->types.cell_) return 1;
    if (((u64)type & 7) || !peek(&py->peek, type + OB_TYPE, &meta, 8) || ((u64)meta & 7)) return 0;
    return peek(&py->peek, meta + TP_FLAGS, &flags, 8) && (flags & TPFLAGS_TYPE_SUBCLASS);
}

char *frame_innermost(const Python *py, char *tstate) {
    const Layout *layout = &py->layout;
    u64 word = 0;
    if (layout->thread_frame < 0 || !peek(&py->peek, tstate + layout->thread_frame, &word, 8)) return NULL;
    if (layout->thread_frame_via >= 0 && !peek(&py->peek, (char *)word + layout->thread_frame_via, &word, 8)) return NULL;
    return (char *)(word & ~7ull);
}

int frame_read(const Python *py, Frame *f, char *at) {
    size_t size = (size_t)py->layout.frame_locals;
    f->at = at;
    f->code = NULL;
    if (!at || size > FRAME_SIZE || !peek(&py->peek, at, f->copy, size)) return 0;
    f->code = frame_field(f, py->layout.frame_code);
    return 1;
}

/*
 * Not one of the interpreter's own, which exist where C code called Python code, and from 3.12 around an __init__: those
 * have None as their function, and as globals whatever was on the stack before.
 */
int frame_is_python(const Python *py, const Frame *f) {
    char *name, *function = frame_field(f, py->layout.frame_func);
    if (!f->code || !looks_like_object(py, f->code) || type_of(f->code) != py->types.code_) return 0;
    if (py->layout.frame_func > 0 && (!looks_like_object(py, function) || type_of(function) != py->types.function_)) return 0;
    name = pointer_at(f->code, py->layout.code_name);
    return !text_is(py, name, "<interpreter trampoline>", 24);
}

static u32 line_of(const Python *py, char *at, char *code, const char *fields) {
    const Functions *functions = &py->functions;
    int line = 0;
    if (py->layout.frames == 1) line = functions->PyFrame_GetLineNumber ? functions->PyFrame_GetLineNumber(at) : 0;
    else if (functions->PyUnstable_InterpreterFrame_GetLine) line = functions->PyUnstable_InterpreterFrame_GetLine(at);
    else if (functions->PyCode_Addr2Line && py->layout.frame_instr > 0) {
        u64 instruction = word_at(fields, py->layout.frame_instr);
        line = functions->PyCode_Addr2Line(code, (int)(instruction - (u64)code - (u64)py->layout.code_bytes));
    }
    return line > 0 ? (u32)line : 0;
}

u32 frame_line(const Python *py, const Frame *f) { return line_of(py, f->at, f->code, f->copy); }

u32 frame_line_at(const Python *py, char *at, char *code) { return line_of(py, at, code, at); }

int frame_values(const Python *py, const Frame *f, u32 from, u32 count, u64 *into) {
    return peek(&py->peek, f->at + py->layout.frame_locals + 8l * from, into, 8ull * count);
}
