// What goes into a statement and comes out of it: null, a whole number, text or bytes. There are no floating-point
// columns in a store, no times and no booleans: a time is whole seconds of local_seconds, a yes is 1.
#pragma once

#include <array>
#include <chrono>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace catchment::store {

using Bytes = std::vector<std::uint8_t>;

enum class StoreErrorKind {
  unique,       // a primary key or unique constraint holds already
  check,        // a CHECK or NOT NULL constraint, or a value of another type than its column
  foreign_key,  // a row that is referred to, or none where one must be
  busy,         // another process writes to this store
  read_only,    // a change inside read()
  lost,         // disk or server gave up. Of a write nobody knows whether it is durable, and the process ends (Store)
  statement,    // the SQL or the use of its result is wrong: a bug
};

// message is for operators: it may quote SQL and names of constraints, never a value that was bound.
struct StoreError : std::runtime_error {
  StoreError(StoreErrorKind kind_, const std::string& message) : std::runtime_error(message), kind(kind_) {}
  StoreErrorKind kind;
};

class Value {
 public:
  Value() = default;  // null
  Value(std::nullptr_t) {}
  Value(std::nullopt_t) {}
  template <std::integral T>
  requires(!std::same_as<T, bool> && !std::same_as<T, char>) Value(T value)
      : value_(static_cast<std::int64_t>(value)) {}
  template <std::same_as<bool> T>
  Value(T value) = delete;  // say 1 or 0
  Value(std::string text) : value_(std::move(text)) {}
  Value(std::string_view text) : value_(std::string(text)) {}
  Value(const char* text) : value_(std::string(text)) {}
  Value(Bytes bytes) : value_(std::move(bytes)) {}
  template <std::size_t N>
  Value(const std::array<std::uint8_t, N>& bytes) : value_(Bytes(bytes.begin(), bytes.end())) {}
  Value(std::chrono::local_seconds time) : value_(std::int64_t{time.time_since_epoch().count()}) {}
  template <class T>
  Value(const std::optional<T>& value) {
    if (value) *this = Value(*value);
  }

  bool is_null() const { return std::holds_alternative<std::monostate>(value_); }

  // These throw StoreError{statement} unless the value is of that kind.
  std::int64_t integer() const { return get<std::int64_t>("a whole number"); }
  std::chrono::local_seconds time() const { return std::chrono::local_seconds(std::chrono::seconds(integer())); }
  const std::string& text() const { return get<std::string>("text"); }
  const Bytes& bytes() const { return get<Bytes>("bytes"); }

  const std::variant<std::monostate, std::int64_t, std::string, Bytes>& variant() const { return value_; }
  friend bool operator==(const Value&, const Value&) = default;

 private:
  template <class T>
  const T& get(const char* wanted) const {
    if (const T* value = std::get_if<T>(&value_)) return *value;
    throw StoreError(StoreErrorKind::statement, std::string("the value is not ") + wanted);
  }

  std::variant<std::monostate, std::int64_t, std::string, Bytes> value_;
};

using Row = std::vector<Value>;

// The rows of a SELECT or RETURNING, in order, and how many rows INSERT, UPDATE or DELETE changed (0 for a SELECT).
struct Rows : std::vector<Row> {
  std::int64_t changed = 0;

  // The only row; throws StoreError{statement} if there are none or several.
  const Row& one() const {
    if (size() != 1) throw StoreError(StoreErrorKind::statement, std::to_string(size()) + " rows where one must be");
    return front();
  }
  // The first row, or null.
  const Row* find_first() const { return empty() ? nullptr : &front(); }
};

}  // namespace catchment::store
