"""The types that the module ``types`` names, without importing it: importing creates a class and drops it, which is
garbage in the program. The same applies to ``operator``, ``functools`` and ``collections``, whose C halves are imported
instead.
"""

import sys

from heapscope_agent.layout.unheard import frame


def _function():
    yield sys


async def _coroutine():
    pass


async def _generator():
    yield


def _closed(value):
    return lambda: value


def _made(coroutine):
    coroutine.close()
    return type(coroutine)


def _traceback():
    try:
        raise KeyError
    except KeyError as error:
        return type(error.__traceback__)


FunctionType = type(_function)
CodeType = type(_function.__code__)
FrameType = type(frame())
ModuleType = type(sys)
TracebackType = _traceback()
CellType = type(_closed(None).__closure__[0])
GeneratorType = type(_function())
CoroutineType = _made(_coroutine())
AsyncGeneratorType = type(_generator())
MethodType = type(FunctionType.__get__(_function, 1))
MethodWrapperType = type(object().__str__)
WrapperDescriptorType = type(object.__init__)
MethodDescriptorType = type(str.join)
ClassMethodDescriptorType = type(dict.__dict__["fromkeys"])
GetSetDescriptorType = type(FunctionType.__code__)
MemberDescriptorType = type(FunctionType.__globals__)
MappingProxyType = type(type.__dict__)
GenericAlias = type(list[int])
