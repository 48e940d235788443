#include "fault_vfs.hpp"

#include <sqlite3.h>

#include <filesystem>
#include <new>

namespace catchment::testing {
namespace {

FaultVfs* the_shim = nullptr;
sqlite3_vfs* the_real = nullptr;
sqlite3_vfs the_vfs;

struct FaultFile {
  sqlite3_file base;
  sqlite3_file* real;
  std::string* name;
};

FaultFile* shim_of(sqlite3_file* file) { return reinterpret_cast<FaultFile*>(file); }
sqlite3_file* real_of(sqlite3_file* file) { return shim_of(file)->real; }
const sqlite3_io_methods& calls_of(sqlite3_file* file) { return *real_of(file)->pMethods; }

int error_code(int io_error) { return the_shim->fault() == DiskFault::io_error ? io_error : SQLITE_FULL; }

int shim_close(sqlite3_file* file) {
  const int code = calls_of(file).xClose(real_of(file));
  delete shim_of(file)->name;
  return code;
}
int shim_read(sqlite3_file* file, void* to, int size, sqlite3_int64 at) {
  return calls_of(file).xRead(real_of(file), to, size, at);
}
int shim_write(sqlite3_file* file, const void* from, int size, sqlite3_int64 at) {
  if (the_shim->fails()) {
    if (the_shim->fault() == DiskFault::short_write) calls_of(file).xWrite(real_of(file), from, size / 2, at);
    return error_code(SQLITE_IOERR_WRITE);
  }
  the_shim->note({DiskCall::Kind::write, *shim_of(file)->name, at,
                  std::string(static_cast<const char*>(from), static_cast<std::size_t>(size))});
  return calls_of(file).xWrite(real_of(file), from, size, at);
}
int shim_truncate(sqlite3_file* file, sqlite3_int64 size) {
  if (the_shim->fails()) return SQLITE_IOERR_TRUNCATE;
  the_shim->note({DiskCall::Kind::truncate, *shim_of(file)->name, size, {}});
  return calls_of(file).xTruncate(real_of(file), size);
}
int shim_sync(sqlite3_file* file, int flags) {
  if (the_shim->fails()) return SQLITE_IOERR_FSYNC;
  the_shim->note({DiskCall::Kind::sync, *shim_of(file)->name, 0, {}});
  return calls_of(file).xSync(real_of(file), flags);
}
int shim_size(sqlite3_file* file, sqlite3_int64* size) { return calls_of(file).xFileSize(real_of(file), size); }
int shim_lock(sqlite3_file* file, int level) { return calls_of(file).xLock(real_of(file), level); }
int shim_unlock(sqlite3_file* file, int level) { return calls_of(file).xUnlock(real_of(file), level); }
int shim_reserved(sqlite3_file* file, int* out) { return calls_of(file).xCheckReservedLock(real_of(file), out); }
int shim_control(sqlite3_file* file, int op, void* argument) {
  return calls_of(file).xFileControl(real_of(file), op, argument);
}
int shim_sector(sqlite3_file* file) { return calls_of(file).xSectorSize(real_of(file)); }
int shim_traits(sqlite3_file* file) { return calls_of(file).xDeviceCharacteristics(real_of(file)); }
int shim_shm_map(sqlite3_file* file, int page, int size, int extend, void volatile** out) {
  return calls_of(file).xShmMap(real_of(file), page, size, extend, out);
}
int shim_shm_lock(sqlite3_file* file, int offset, int n, int flags) {
  return calls_of(file).xShmLock(real_of(file), offset, n, flags);
}
void shim_shm_barrier(sqlite3_file* file) { calls_of(file).xShmBarrier(real_of(file)); }
int shim_shm_unmap(sqlite3_file* file, int remove) { return calls_of(file).xShmUnmap(real_of(file), remove); }

constexpr sqlite3_io_methods kMethods = {
    2,           shim_close,   shim_read,     shim_write,       shim_truncate,  shim_sync,
    shim_size,   shim_lock,    shim_unlock,   shim_reserved,    shim_control,   shim_sector,
    shim_traits, shim_shm_map, shim_shm_lock, shim_shm_barrier, shim_shm_unmap, nullptr,
    nullptr};

int shim_open(sqlite3_vfs*, const char* path, sqlite3_file* file, int flags, int* out) {
  file->pMethods = nullptr;
  FaultFile* shim = shim_of(file);
  shim->real = reinterpret_cast<sqlite3_file*>(shim + 1);
  const bool makes = path != nullptr && (flags & SQLITE_OPEN_CREATE) != 0 && !std::filesystem::exists(path);
  if (makes && the_shim->fails()) return SQLITE_CANTOPEN;
  const int code = the_real->xOpen(the_real, path, shim->real, flags, out);
  if (shim->real->pMethods == nullptr) return code;
  shim->name = new std::string(path == nullptr ? "" : std::filesystem::path(path).filename().string());
  file->pMethods = &kMethods;
  return code;
}

int shim_delete(sqlite3_vfs*, const char* path, int sync_folder) {
  if (the_shim->fails()) return SQLITE_IOERR_DELETE;
  the_shim->note({DiskCall::Kind::remove, std::filesystem::path(path).filename().string(), 0, {}});
  return the_real->xDelete(the_real, path, sync_folder);
}

}  // namespace

FaultVfs::FaultVfs() {
  the_real = sqlite3_vfs_find(nullptr);
  the_shim = this;
  the_vfs = *the_real;
  the_vfs.zName = "faults";
  the_vfs.szOsFile += static_cast<int>(sizeof(FaultFile));
  the_vfs.pNext = nullptr;
  the_vfs.xOpen = shim_open;
  the_vfs.xDelete = shim_delete;
  // The others are the real one's, which ask it for nothing but its own name and data.
  sqlite3_vfs_register(&the_vfs, 1);
}

FaultVfs::~FaultVfs() {
  sqlite3_vfs_unregister(&the_vfs);
  sqlite3_vfs_register(the_real, 1);
  the_shim = nullptr;
}

void FaultVfs::fail_at(std::int64_t call, DiskFault fault) {
  fail_at_ = call;
  fault_ = fault;
}

bool FaultVfs::fails() {
  const std::int64_t call = ++calls_;
  const bool now = fail_at_ > 0 && (fault_ == DiskFault::disk_full ? call >= fail_at_ : call == fail_at_);
  if (now) failed_ = true;
  return now;
}

void FaultVfs::note(DiskCall call) {
  if (!recording_) return;
  const std::lock_guard lock(mutex_);
  recorded_.push_back(std::move(call));
}

void FaultVfs::mark(std::int64_t what) { note({DiskCall::Kind::mark, "", what, {}}); }

}  // namespace catchment::testing
