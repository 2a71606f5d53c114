// Nodemailer, one job per line of JSON on stdin, one result per line on stdout.
'use strict';
const readline = require('node:readline');
const nodemailer = require('nodemailer');

// The client's commands, to tell a TLS failure after STARTTLS from one before the banner.
function recorder(commands) {
  const log = (entry, message) => { if (entry && entry.tnx === 'client') commands.push(String(message)); };
  return { level() {}, trace: log, debug: log, info: log, warn: log, error: log, fatal: log };
}

function stageOf(error, commands) {
  const command = error.command || '';
  if (command.startsWith('AUTH')) return 'auth';
  const known = { 'MAIL FROM': 'mail', 'RCPT TO': 'rcpt', DATA: 'data', EHLO: 'ehlo', HELO: 'ehlo', STARTTLS: 'starttls', API: 'config' };
  if (known[command]) return known[command];
  const last = commands.length ? commands[commands.length - 1] : '';
  if (last.startsWith('STARTTLS')) return 'starttls';
  if (last.startsWith('EHLO')) return 'ehlo';
  return /reeting/.test(error.message) || /closed/.test(error.message) ? 'banner' : 'connect';
}

async function run(job) {
  const commands = [];
  // Both waits are shorter than in the wild but in the same order: client 30 s, server 300 s. The lab's host has only a loopback.
  const lab = { greetingTimeout: 2000, allowInternalNetworkInterfaces: true, debug: true, logger: recorder(commands) };
  const options = { ...JSON.parse(job.text), ...lab };
  const transport = nodemailer.createTransport(options);
  try {
    await transport.sendMail({ envelope: { from: job.from, to: [job.to] }, raw: job.message });
    return { works: true };
  } catch (error) {
    return { works: false, stage: stageOf(error, commands), text: `${error.name}: ${error.message}`, warnings: [`code: ${error.code}`] };
  } finally {
    transport.close();
  }
}

const lines = readline.createInterface({ input: process.stdin });
let queue = Promise.resolve();
lines.on('line', (line) => {
  queue = queue.then(async () => process.stdout.write(`${JSON.stringify(await run(JSON.parse(line)))}\n`));
});
