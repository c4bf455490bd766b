/**
 * Ends this process, as SIGTERM does, when the one that started it has gone, however it went: the channel between them closes then. One
 * that was started without a channel, in the background or by a service manager, goes on. To be called before anything takes long.
 */
export function endWithTheStarter(): void {
  const { channel } = process;
  if (channel === undefined) return;
  process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
  // What has done its work ends, also while its starter is there.
  channel.unref();
}
