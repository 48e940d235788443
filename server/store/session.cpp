#include "datasets/text.hpp"
#include "server/store/connection.hpp"

namespace catchment::store {
namespace {

// PostgreSQL would refuse it and SQLite would not.
void refuse_bad_text(const std::vector<Value>& values) {
  for (const Value& value : values) {
    const auto* text = std::get_if<std::string>(&value.variant());
    if (text != nullptr && !datasets::is_utf8_text(*text)) {
      throw StoreError(StoreErrorKind::check, "a text is not UTF-8 or holds NUL");
    }
  }
}

}  // namespace

Rows Session::run(std::string_view sql, const std::vector<Value>& values) {
  if (doom_) throw StoreError(*doom_);
  try {
    refuse_bad_text(values);
    return connection_.run(sql, values);
  } catch (const StoreError& error) {
    doom_ = error;
    throw;
  }
}

void Session::run_attempt(const std::function<void(Session&)>& fn) {
  if (doom_) throw StoreError(*doom_);
  connection_.set_savepoint();
  try {
    fn(*this);
    if (doom_) throw StoreError(*doom_);
  } catch (...) {
    if (doom_ && doom_->kind == StoreErrorKind::lost) throw;
    doom_.reset();
    try {
      connection_.roll_back_to_savepoint();
    } catch (const StoreError& error) {
      doom_ = StoreError(StoreErrorKind::lost, error.what());
      throw;
    }
    throw;
  }
  connection_.release_savepoint();
}

}  // namespace catchment::store
