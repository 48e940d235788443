"""What figures are held against: this disk's fdatasync, a PostgreSQL on the same disk."""
import os, subprocess, time

PROGRAMS = '/usr/lib/postgresql/15/bin'


def fsync_median_ms(folder):
    """Of 200 blocks of 4 KiB, each followed by fdatasync."""
    times = []
    file = os.open(os.path.join(folder, 'sync'), os.O_WRONLY | os.O_CREAT)
    for i in range(200):
        os.pwrite(file, b'x' * 4096, i * 4096)
        start = time.perf_counter()
        os.fdatasync(file)
        times.append((time.perf_counter() - start) * 1e3)
    os.close(file)
    return sorted(times)[100]


class Postgres:
    """A cluster of its own on the same disk, which syncs; it ends with stop()."""

    def __init__(self, folder, database):
        self.data = os.path.join(folder, 'pg')
        os.makedirs(self.data)
        subprocess.run(['chown', 'postgres', self.data], check=True)
        self.as_postgres(f'{PROGRAMS}/initdb', '-D', self.data, '-U', 'postgres', '--auth=trust', '-E', 'UTF8', '--locale=C.UTF-8')
        self.as_postgres(f'{PROGRAMS}/pg_ctl', '-D', self.data, '-w', '-l', os.path.join(self.data, 'log'), '-o',
                         f'-c unix_socket_directories={self.data} -c listen_addresses= -c shared_buffers=128MB -c jit=off', 'start')
        self.database = 'postgres'
        self.sql(f'create database {database}')
        self.database = database
        self.url = f'postgresql:///{database}?host={self.data}&user=postgres'

    @staticmethod
    def as_postgres(*command):
        subprocess.run(['runuser', '-u', 'postgres', '--', *command], check=True, stdout=subprocess.DEVNULL, cwd='/')

    def sql(self, text):
        """What a script prints, a row a line, columns apart by TAB."""
        done = subprocess.run(['psql', '-h', self.data, '-U', 'postgres', '-d', self.database, '-qAtX', '-F', '\t', '-v', 'ON_ERROR_STOP=1', '-f', '-'],
                              input=text, capture_output=True, text=True)
        if done.returncode:
            raise RuntimeError(done.stderr[:2000])
        return done.stdout

    def stop(self):
        self.as_postgres(f'{PROGRAMS}/pg_ctl', '-D', self.data, '-m', 'immediate', '-w', 'stop')
