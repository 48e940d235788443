#include "server/store/store.hpp"

#include "geo/input_error.hpp"
#include "server/store/connection.hpp"
#include "server/store/readers.hpp"
#include "server/store/schema.hpp"
#include "server/store/writer.hpp"

namespace catchment::store {

std::unique_ptr<Backend> find_backend(const std::string& url, const StoreOptions& options) {
  constexpr std::string_view kSqlite = "sqlite:";
  if (url.starts_with(kSqlite) && url.size() > kSqlite.size()) {
    return sqlite_backend(url.substr(kSqlite.size()), options);
  }
  if (url.starts_with("postgresql://") || url.starts_with("postgres://"))
    return postgres_backend(url, options.lock_wait);
  // It may hold a password.
  throw InputError("store_url", "store", "a store is sqlite:PATH or postgresql://USER@HOST/DATABASE");
}

struct Store::Impl {
  std::unique_ptr<Backend> backend;
  std::unique_ptr<Writer> writer;  // none: look only
  Readers readers;                 // closed first: SQLite's last connection empties the log
};

Store::Store(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Store::Store(Store&&) noexcept = default;
Store::~Store() = default;

Store Store::open(const std::string& url, StoreOptions options) {
  std::unique_ptr<Backend> backend = find_backend(url, options);
  std::unique_ptr<Writer> writer;
  try {
    std::unique_ptr<Connection> connection = backend->connect(options.read_only ? Access::read : Access::write);
    if (options.read_only) {
      refuse_other_schema(applied_migrations(*connection), options.migrations);
    } else {
      bring_up_to_date(*connection, options.migrations, options.clock ? options.clock : beijing_now);
      writer = std::make_unique<Writer>(std::move(connection), options);
    }
  } catch (const StoreError& error) {
    if (error.kind == StoreErrorKind::busy) throw;
    throw InputError("store_unreachable", "store", error.what());
  }
  Backend& connections = *backend;
  return Store(std::unique_ptr<Impl>(new Impl{std::move(backend), std::move(writer), {connections, options.readers}}));
}

void Store::run_read(const std::function<void(Session&)>& fn) const { impl_->readers.run(fn); }

void Store::run_write(const std::function<void(Session&)>& fn) {
  if (impl_->writer == nullptr) throw StoreError(StoreErrorKind::read_only, "this store was opened to look only");
  impl_->writer->run(fn);
}

Store::Counts Store::counts() const { return impl_->writer == nullptr ? Counts() : impl_->writer->counts(); }

}  // namespace catchment::store
