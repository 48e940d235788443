"""A PostgreSQL of the test's own, on a socket in a folder of its own; as root it runs as user postgres, because it refuses root."""
import atexit, os, shutil, signal, subprocess, tempfile, time

from rehearsal import die_with_us

PROGRAMS = '/usr/lib/postgresql/15/bin'


def installed():
    return os.path.exists(f'{PROGRAMS}/initdb')


class Postgres:
    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix='catchment-pg-', dir='/dev/shm' if os.path.isdir('/dev/shm') else None)
        self.process, self.count = None, 0
        self.user = {'user': 'postgres', 'group': 'postgres', 'extra_groups': []} if os.geteuid() == 0 else {}
        if self.user:
            shutil.chown(self.folder, 'postgres', 'postgres')
        atexit.register(self.close)
        self.run(f'{PROGRAMS}/initdb', '-D', self.folder + '/data', '-U', 'postgres', '--auth=trust', '-E', 'UTF8', '--locale=C.UTF-8', '--wal-segsize=1', '--no-sync')
        self.start()

    def run(self, *command):
        return subprocess.run(command, check=True, capture_output=True, text=True, cwd='/', **self.user).stdout

    def answers(self):
        return subprocess.run([f'{PROGRAMS}/pg_isready', '-q', '-h', self.folder], cwd='/').returncode == 0

    def start(self):
        settings = {'unix_socket_directories': self.folder, 'listen_addresses': '', 'shared_buffers': '16MB', 'max_connections': '40', 'max_wal_senders': '0', 'wal_level': 'minimal'}
        with open(self.folder + '/log', 'a') as log:
            words = [word for name, value in settings.items() for word in ('-c', f'{name}={value}')]
            self.process = subprocess.Popen([f'{PROGRAMS}/postgres', '-D', self.folder + '/data', *words], stdout=log, stderr=log, cwd='/', preexec_fn=lambda: die_with_us(signal.SIGQUIT), **self.user)
        for _ in range(6000):
            if self.answers():
                return
            time.sleep(0.01)
        raise RuntimeError('PostgreSQL does not start: ' + open(self.folder + '/log').read())

    def stop(self):
        """At once, as on a fault: no shutdown checkpoint, connections cut."""
        self.process.send_signal(signal.SIGQUIT)
        self.process.wait()

    def make_database(self):
        self.count += 1
        name = f'store{self.count}'
        self.sql(f'CREATE DATABASE {name}', 'postgres')
        return f'postgresql:///{name}?user=postgres&host={self.folder}'

    def sql(self, text, database=None):
        """Rows of texts."""
        out = self.run(f'{PROGRAMS}/psql', '-X', '-q', '-A', '-t', '-v', 'ON_ERROR_STOP=1', '-h', self.folder, '-U', 'postgres', '-d', database or f'store{self.count}', '-c', text)
        return [line.split('|') for line in out.splitlines()]

    def close(self):
        if self.process and self.process.poll() is None:
            self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)
