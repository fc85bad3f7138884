import { openPostgresEventLog } from './open-postgres-event-log';
import { readAddress } from './postgres-address';

const exposed = (url: string): boolean => readAddress(url, 'opensqt').exposed;

describe('the connection to a PostgreSQL server', () => {
  const { PGHOST, PGSSLMODE } = process.env;

  beforeEach(() => {
    delete process.env['PGHOST'];
    delete process.env['PGSSLMODE'];
  });

  afterAll(
    () => void Object.assign(process.env, { ...(PGHOST && { PGHOST }), ...(PGSSLMODE && { PGSSLMODE }) }),
  );

  it.each([
    'postgres://u@localhost/d',
    'postgres://u@127.0.0.1:6432/d',
    'postgres://u@127.1.2.3/d?sslmode=disable',
    'postgres://u@[::1]/d',
    'postgres://u@/d?host=/var/run/postgresql',
    'postgres:///d',
    'postgres://u@db.internal/d?sslmode=verify-full',
    'postgres://u@db.internal/d?sslmode=no-verify',
    'postgres://u@10.0.0.7/d?ssl=true',
  ])('%s is not exposed', (url) => expect(exposed(url)).toBe(false));

  it.each([
    'postgres://u@db.internal/d',
    'postgres://u@10.0.0.7/d?sslmode=disable',
    'postgres://u@127.evil.example/d',
    'postgres://u@[fd00::7]/d',
    'postgres://u@localhost.example/d?ssl=false',
  ])('%s is exposed', (url) => expect(exposed(url)).toBe(true));

  it('is judged by what the environment adds, as the driver does', () => {
    process.env['PGHOST'] = 'db.internal';
    expect(exposed('postgres:///d')).toBe(true);
    process.env['PGSSLMODE'] = 'verify-full';
    expect(exposed('postgres:///d')).toBe(false);
    expect(exposed('postgres:///d?sslmode=disable')).toBe(true);
  });

  it('is warned of when the log is opened over the network without encryption, and the password is not in it', async () => {
    const warned = jest.spyOn(process, 'emitWarning').mockReturnValue();
    const opening = openPostgresEventLog({ url: 'postgres://u:wrong-secret@db.invalid/d' });
    await expect(opening).rejects.toMatchObject({ code: 'LOG_UNREADABLE' });
    expect(warned.mock.calls).toEqual([
      [expect.stringMatching(/at db\.invalid:5432\/d, .* is not encrypted: .*Add \?sslmode=verify-full/)],
    ]);
    expect(warned.mock.calls.flat().join()).not.toContain('wrong-secret');
    warned.mockRestore();
  });

  it('is refused with the name of a certificate that cannot be read', () => {
    const url = 'postgres://u:wrong-secret@db.internal/d?sslmode=verify-full&sslrootcert=/nowhere/ca.pem';
    expect(() => readAddress(url, 'opensqt')).toThrow(
      /certificate or key that its URL names .*\/nowhere\/ca\.pem/,
    );
  });
});
