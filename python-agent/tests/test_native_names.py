"""Names that the C core gives to references."""

import collections
import io
import sys
import types
import unittest
import weakref

from tests.dump_reader import WEAK
from tests.heap_support import Code
from tests.native_support import NativeTest

ATTRIBUTE, FIELD, LOCAL, CLOSURE = 1, 2, 3, 4


class Plain(object):
    pass


def plain():
    """An instance of a class that no other test has filled with attributes."""
    return type("Plain", (), {})()


class Slots(object):
    __slots__ = ("one", "two", "unset")


class DictChild(dict):
    pass


class ListChild(list):
    __slots__ = ("one",)


class IntChild(int):
    pass


class TupleChild(tuple):
    pass


def new(count=1):
    return [object() for _ in range(count)]


class Instances(NativeTest):
    def named(self, dump, thing, kind=ATTRIBUTE):
        """``{name: id}`` of edges of one kind; those of ``__dict__`` where the names are there."""
        number = dump.number_of(thing)
        found = {edge.name: dump.address[edge.target] for edge in dump.edges(number) if edge.kind == kind}
        if found or kind != ATTRIBUTE:
            return found
        own = next(edge.target for edge in dump.edges(number) if edge.name == "__dict__")
        self.assertTrue(dump.flags[own] & 16 or own < number)
        return {edge.name: dump.address[edge.target] for edge in dump.edges(own) if edge.kind == "value"}

    def test_never_touched_dict(self):
        one, two, three = values = new(3)
        thing = plain()
        thing.first, thing.second, thing.third = values
        dump = self.snapshot()
        self.assertEqual(self.named(dump, thing), {"first": id(one), "second": id(two), "third": id(three)})
        self.assertEqual(dump.names(thing)["__class__"], id(type(thing)))
        inline = not any(edge.name == "__dict__" for edge in dump.edges(dump.number_of(thing)))
        self.assertEqual(inline, sys.version_info >= (3, 11))

    def test_deleted_and_late_attributes(self):
        kind = type("Kind", (), {})
        one, two, three, four = new(4)
        first, second = kind(), kind()
        first.a, first.b, first.c = one, two, three
        del first.b
        second.c, second.d = three, four
        second.a = one
        del first.a
        first.a = two
        dump = self.snapshot()
        self.assertEqual(self.named(dump, first), {"a": id(two), "c": id(three)})
        self.assertEqual(self.named(dump, second), {"a": id(one), "c": id(three), "d": id(four)})

    def test_the_same_value_twice(self):
        thing, value = plain(), object()
        thing.this = thing.that = thing.other = value
        thing.none = None
        dump = self.snapshot()
        self.assertEqual(self.named(dump, thing),
                         {"this": id(value), "that": id(value), "other": id(value), "none": id(None)})

    def test_many_alike_and_one_different(self):
        kind = type("Kind", (), {})
        things = [kind() for _ in range(100)]
        for number, thing in enumerate(things):
            thing.name, thing.number = str(number), [number]
        things[50].number, things[50].extra = None, things
        del things[60].name
        dump = self.snapshot()
        for number in (0, 49, 51, 59, 61, 99):
            self.assertEqual(self.named(dump, things[number]),
                             {"name": id(things[number].name), "number": id(things[number].number)})
        self.assertEqual(self.named(dump, things[50]),
                         {"name": id(things[50].name), "number": id(None), "extra": id(things)})
        self.assertEqual(self.named(dump, things[60]), {"number": id(things[60].number)})

    def test_materialised_dict(self):
        one, two = new(2)
        thing = plain()
        thing.first = one
        own = thing.__dict__
        thing.second = two
        dump = self.snapshot()
        self.assertEqual(dump.names(thing)["__dict__"], id(own))
        values = {edge.name: dump.address[edge.target] for edge in dump.edges(dump.number_of(own)) if edge.kind == "value"}
        self.assertEqual(values, {"first": id(one), "second": id(two)})
        embedded = bool(dump.flags[dump.number_of(own)] & 128)
        self.assertEqual(embedded, sys.version_info >= (3, 13))

    def test_replaced_dict(self):
        thing = plain()
        thing.first = object()
        thing.__dict__ = replaced = {"second": object(), 3: object()}
        dump = self.snapshot()
        self.assertEqual(dump.names(thing)["__dict__"], id(replaced))
        self.assertEqual({edge.kind for edge in dump.edges(dump.number_of(thing))}, {FIELD})

    def test_many_attributes(self):
        thing, values = plain(), new(200)
        for number, value in enumerate(values):
            setattr(thing, "attribute%d" % number, value)
        dump = self.snapshot()
        self.assertEqual(self.named(dump, thing), {"attribute%d" % n: id(value) for n, value in enumerate(values)})

    def test_slots(self):
        one, two, three = new(3)
        slotted, both = Slots(), type("Both", (Slots,), {})()
        slotted.one, slotted.two = one, two
        both.two, both.extra = two, three
        dump = self.snapshot()
        self.assertEqual(self.named(dump, slotted), {"one": id(one), "two": id(two)})
        expected = {"two": id(two)}
        if any(edge.name == "__dict__" for edge in dump.edges(dump.number_of(both))):
            pass  # up to 3.10, and on 3.13, where slots keep values from being inline
        else:
            expected["extra"] = id(three)
        self.assertEqual(self.named(dump, both), expected)

    def test_children_of_containers(self):
        one, two = new(2)
        mapping, listed, number, pair = DictChild(key=one), ListChild([one, two]), IntChild(2 ** 70), TupleChild((one, two))
        mapping.attribute = two
        listed.one = two
        number.attribute = pair.attribute = one
        dump = self.snapshot()
        self.assertIn(("value", "key", id(one)), self.triples(dump, mapping))
        self.assertEqual([edge[1:] for edge in self.triples(dump, listed) if edge[0] == "index"], [(0, id(one)), (1, id(two))])
        self.assertIn((ATTRIBUTE, "one", id(two)), self.triples(dump, listed))
        self.assertEqual([edge[1:] for edge in self.triples(dump, pair) if edge[0] == "index"], [(0, id(one)), (1, id(two))])
        for thing, value in ((mapping, two), (number, one), (pair, one)):
            self.assertEqual(self.named(dump, thing), {"attribute": id(value)}, type(thing))

    def triples(self, dump, thing):
        return [(edge.kind, edge.name, dump.address[edge.target]) for edge in dump.edges(dump.number_of(thing))]


class Containers(NativeTest):
    def test_dictionaries(self):
        one, two = new(2)
        key = object()
        mapping = {"text": one, 17: two, key: 1, -2 ** 40: 2, "\u0101\U0001F600\udc80": 3}
        dump = self.snapshot()
        edges = dump.edges(dump.number_of(mapping))
        self.assertEqual([dump.address[edge.target] for edge in edges if edge.kind == "key"], [id(name) for name in mapping])
        self.assertEqual([edge.name for edge in edges if edge.kind == "value"],
                         ["text", "17", None, str(-2 ** 40), "\u0101\U0001F600?"])

    def test_sequences_and_sets(self):
        values = new(5)
        dump = edges = None
        for kind in (list, tuple, collections.deque):
            del dump, edges  # else the next snapshot is one of the last one's objects too
            thing = kind(values)
            dump = self.snapshot()
            edges = [edge for edge in dump.edges(dump.number_of(thing)) if edge.name != "__class__"]
            self.assertEqual([(edge.kind, edge.name, dump.address[edge.target]) for edge in edges],
                             [("index", index, id(value)) for index, value in enumerate(values)], kind)
        for kind in (set, frozenset):
            del dump, edges
            thing = kind(values)
            dump = self.snapshot()
            edges = dump.edges(dump.number_of(thing))
            self.assertEqual({dump.address[edge.target] for edge in edges}, set(map(id, values)))
            self.assertEqual({edge.kind for edge in edges}, {"member"})

    def test_hashes_of_texts_and_bytes(self):
        things = ["".join(["hash", "ed"]), "\u0101" * 3, b"bytes", "", b"", "never hashed".upper(), bytes([1, 2, 3])]
        dump = self.snapshot()
        self.assertEqual([dump.hashes[dump.number_of(thing)] for thing in things], [hash(thing) % 2 ** 64 for thing in things])


def outer(argument):
    captured, other = argument, [argument]

    def inner():
        return captured, other
    return inner


def generating(first):
    second = [first]
    yield first
    third = second
    yield third


async def coroutine(first):
    second = [first]
    await suspended(second)


@types.coroutine
def suspended(held):
    yield held


async def async_generating(first):
    second = [first]
    yield second


class Fault(Exception):
    pass


class FaultOfC(OSError):
    pass


def thrown(kind, *arguments):
    """One that was raised while another was handled, from a third."""
    try:
        try:
            raise KeyError("inner")
        except KeyError:
            raise kind(*arguments) from RuntimeError("cause")
    except kind as caught:
        return caught


class Functions(NativeTest):
    def test_functions_and_closures(self):
        argument = object()
        inner = outer(argument)
        inner.attribute = 1
        dump = self.snapshot()
        names = dump.names(inner)
        for name in ("__code__", "__globals__", "__closure__", "__dict__", "__name__", "__qualname__", "__module__"):
            self.assertEqual(names[name], id(getattr(inner, name)), name)
        cells = dump.edges(dump.number_of(inner.__closure__))
        self.assertEqual([(edge.kind, edge.name) for edge in cells], [(CLOSURE, "captured"), (CLOSURE, "other")])
        self.assertEqual(dump.names(inner.__closure__[0]), {"cell_contents": id(argument)})
        code = dump.names(inner.__code__)
        for name in ("co_consts", "co_filename", "co_name"):
            self.assertEqual(code[name], id(getattr(inner.__code__, name)), name)

    def test_methods_and_descriptors(self):
        thing = plain()
        method = types.MethodType(outer, thing)
        described = property(outer)
        bound = [].append
        dump = self.snapshot()
        self.assertEqual(dump.names(method)["__self__"], id(thing))
        self.assertEqual(dump.names(method)["__func__"], id(outer))
        self.assertEqual(dump.names(described)["fget"], id(outer))
        self.assertEqual(dump.names(bound)["__self__"], id(bound.__self__))

    def test_suspended_generators_and_coroutines(self):
        argument = object()
        generator = generating(argument)
        next(generator)
        awaiting = coroutine(argument)
        awaiting.send(None)
        self.addCleanup(awaiting.close)
        asynchronous = async_generating(argument)
        with self.assertRaises(StopIteration):
            asynchronous.asend(None).send(None)
        with self.assertRaises(AttributeError):  # an async generator has no hooks here
            asynchronous.close()
        things = (generator, generator.gi_frame), (awaiting, awaiting.cr_frame), (asynchronous, asynchronous.ag_frame)
        dump = self.snapshot()
        for thing, frame in things:
            # Up to 3.10 the frame is an object of its own.
            where = frame if sys.version_info < (3, 11) else thing
            found = {edge.name: dump.address[edge.target] for edge in dump.edges(dump.number_of(where)) if edge.kind == LOCAL}
            self.assertEqual(found["first"], id(argument), type(thing))
            self.assertEqual(dump.type_name(dump.by_address[found["second"]]), "list")
            self.assertNotIn("third", found)

    def test_finished_generator(self):
        generator = generating(1)
        list(generator)
        dump = self.snapshot()
        self.assertEqual([edge for edge in dump.edges(dump.number_of(generator)) if edge.kind == LOCAL], [])

    def test_exceptions_and_tracebacks(self):
        try:
            try:
                raise KeyError("inner")
            except KeyError as inner:
                raise ValueError("outer") from inner
        except ValueError as error:
            caught = error
        dump = self.snapshot()
        self.assertEqual(dump.names(caught.__traceback__)["tb_frame"], id(caught.__traceback__.tb_frame))
        self.assertEqual(dump.names(caught)["__cause__"], id(caught.__cause__))

    def test_exceptions_of_every_kind_have_the_fields_of_all(self):
        caught = [thrown(kind, *arguments) for kind, arguments in (
            (ValueError, ["plain"]), (KeyError, ["a key"]), (OSError, [50001, "an error", "a file"]), (StopIteration, [["value"]]),
            (Fault, ["ours"]), (FaultOfC, [50002, "ours, too"]))]
        caught[-1].own = ["own"]
        dump = self.snapshot()
        for error in caught:
            names = dump.names(error)
            for name in ("args", "__cause__", "__context__", "__traceback__"):
                self.assertEqual(names[name], id(getattr(error, name)), (type(error), name))
        for error, name in ((caught[2], "filename"), (caught[2], "errno"), (caught[3], "value"), (caught[-1], "strerror")):
            self.assertEqual(dump.names(error)[name], id(getattr(error, name)))

    def test_what_is_no_dictionary_is_not_called_one(self):
        streams = io.BytesIO(b"some bytes"), io.BufferedReader(io.BytesIO(b"more"))
        for stream in streams:
            stream.note = ["a note"]
        dump = self.snapshot()
        for stream in streams:
            self.assertEqual(dump.names(stream)["__dict__"], id(stream.__dict__), stream)

    def test_code_is_told_without_leave_for_values(self):
        code = Code()
        self.assertEqual(code.wrong(self.snapshot()), [])

    def test_modules(self):
        dump = self.snapshot()
        self.assertEqual(dump.names(collections)["__dict__"], id(collections.__dict__))


class Weak(NativeTest):
    def weak_edges(self, dump, thing):
        return [(edge.name, dump.address[edge.target]) for edge in dump.edges(dump.number_of(thing)) if edge.kind == FIELD | WEAK]

    def test_references_and_proxies(self):
        target, called = Plain(), outer

        def callback(reference):
            pass
        reference, watched = weakref.ref(target), weakref.ref(target, callback)
        proxy, callable_proxy, dead = weakref.proxy(target), weakref.proxy(called), weakref.ref(Plain())
        method = weakref.WeakMethod(self.weak_edges)
        dump = self.snapshot()
        self.assertEqual(self.weak_edges(dump, reference), [("referent", id(target))])
        self.assertEqual(self.weak_edges(dump, watched), [("referent", id(target))])
        self.assertEqual(dump.names(watched)["__callback__"], id(callback))
        self.assertEqual(self.weak_edges(dump, proxy), [("referent", id(target))])
        self.assertEqual(self.weak_edges(dump, callable_proxy), [("referent", id(called))])
        self.assertEqual(self.weak_edges(dump, dead), [])
        self.assertEqual(self.weak_edges(dump, method), [("referent", id(self))])

    def test_weak_dictionaries(self):
        target = Plain()
        by_key, by_value = weakref.WeakKeyDictionary({target: 1}), weakref.WeakValueDictionary({"name": target})
        dump = self.snapshot()
        holders = [number for number in dump.referrers(dump.number_of(target)) if "weakref" in dump.type_name(number)
                   or "KeyedRef" in dump.type_name(number)]
        self.assertGreaterEqual(len(holders), 2)
        for number in holders:
            self.assertTrue(all(edge.kind & WEAK for edge in dump.edges(number) if dump.address[edge.target] == id(target)))
        self.assertEqual((len(by_key), len(by_value)), (1, 1))


if __name__ == "__main__":
    unittest.main()
