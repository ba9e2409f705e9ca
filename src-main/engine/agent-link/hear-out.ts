import { Socket } from 'node:net';

/**
 * A write to a peer that has gone fails, and Node then destroys the socket, with everything that the peer had sent before and that was not
 * read yet: the last words of a program that ends. From here on a failed write only ends writing: the socket is destroyed, with that
 * error, when all has been read.
 */
export function hearOut(socket: Socket): void {
  const destroy = (error?: Error): Socket => Socket.prototype.destroy.call(socket, error);
  socket.destroy = (error?: NodeJS.ErrnoException): Socket => {
    if (error?.syscall !== 'write' || socket.readableEnded) return destroy(error);
    // A stream with an error emits no data any more, but what is read goes on to be pushed.
    socket.push = (chunk: unknown): boolean => (chunk === null ? !destroy(error) : socket.emit('data', chunk));
    return socket;
  };
}
