// Values and rows in PostgreSQL's binary formats.
#pragma once

#include <libpq-fe.h>

#include <array>
#include <string>
#include <vector>

#include "server/store/connection.hpp"

namespace catchment::store {

// Parameters as libpq takes them. Text and bytes are not copied: the values must outlive it.
class PostgresValues {
 public:
  explicit PostgresValues(const std::vector<Value>& values);
  PostgresValues(const PostgresValues&) = delete;
  PostgresValues& operator=(const PostgresValues&) = delete;

  int count() const { return static_cast<int>(types_.size()); }
  const Oid* types() const { return types_.data(); }
  const char* const* data() const { return data_.data(); }
  const int* lengths() const { return lengths_.data(); }
  const int* formats() const { return formats_.data(); }
  const std::string& signature() const { return signature_; }  // a letter for each type, then ':'

 private:
  void add(Oid type, const void* data, std::size_t size, char letter);

  std::vector<std::array<std::uint8_t, 8>> integers_;
  std::vector<Oid> types_;
  std::vector<const char*> data_;
  std::vector<int> lengths_;
  std::vector<int> formats_;
  std::string signature_;
};

// Whole numbers of any width, booleans (1, 0), text, bytea; a numeric only if it is whole and of 64 bits.
// Throws StoreError{statement} for any other type.
Rows rows_of(const PGresult* result);

}  // namespace catchment::store
