#include "server/store/postgres_value.hpp"

#include <span>

namespace catchment::store {
namespace {

// Fixed by PostgreSQL (catalog/pg_type.dat).
constexpr Oid kBool = 16, kBytea = 17, kName = 19, kInt8 = 20, kInt2 = 21, kInt4 = 23, kText = 25, kOid = 26,
              kUnknown = 705, kVarchar = 1043, kNumeric = 1700, kVoid = 2278;

[[noreturn]] void refuse_type(const char* why) { throw StoreError(StoreErrorKind::statement, why); }

std::int64_t big_endian(std::span<const std::uint8_t> bytes) {
  std::uint64_t value = !bytes.empty() && (bytes[0] & 0x80) != 0 ? ~std::uint64_t{0} : 0;
  for (const std::uint8_t byte : bytes) value = value << 8 | byte;
  return static_cast<std::int64_t>(value);
}

// Four 16-bit fields (digits, weight of the first, sign, scale), then digits to the base 10,000.
std::int64_t whole_number(std::span<const std::uint8_t> bytes) {
  const auto field = [&](std::size_t i) { return big_endian(bytes.subspan(2 * i, 2)); };
  const std::int64_t digits = field(0);
  const std::int64_t weight = field(1);
  const bool negative = bytes[4] == 0x40;
  if (bytes[4] == 0xC0 || bytes[4] == 0xD0 || bytes[4] == 0xF0 || digits > weight + 1) {
    refuse_type("the result is no whole number");
  }
  std::int64_t value = 0;
  for (std::int64_t i = 0; digits > 0 && i <= weight; ++i) {
    const std::int64_t digit = i < digits ? field(static_cast<std::size_t>(4 + i)) : 0;
    if (__builtin_mul_overflow(value, 10'000, &value) ||
        __builtin_add_overflow(value, negative ? -digit : digit, &value)) {
      refuse_type("the result is beyond 64 bits");
    }
  }
  return value;
}

Value decode(Oid type, std::span<const std::uint8_t> bytes) {
  switch (type) {
    case kBool:
      return bytes[0] != 0 ? 1 : 0;
    case kInt2:
    case kInt4:
    case kInt8:
      return big_endian(bytes);
    case kOid:
      return big_endian(bytes) & 0xFFFF'FFFF;
    case kNumeric:
      return whole_number(bytes);
    case kText:
    case kName:
    case kVarchar:
    case kUnknown:
      return std::string(bytes.begin(), bytes.end());
    case kBytea:
      return Bytes(bytes.begin(), bytes.end());
    case kVoid:
      return {};
    default:
      refuse_type("the result is of a type a store does not have");
  }
}

}  // namespace

PostgresValues::PostgresValues(const std::vector<Value>& values) : integers_(values.size()) {
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (const auto* integer = std::get_if<std::int64_t>(&values[i].variant())) {
      auto rest = static_cast<std::uint64_t>(*integer);
      for (std::size_t k = 8; k-- > 0; rest >>= 8) integers_[i][k] = static_cast<std::uint8_t>(rest & 0xFF);
      add(kInt8, integers_[i].data(), 8, 'i');
    } else if (const auto* text = std::get_if<std::string>(&values[i].variant())) {
      add(kText, text->data(), text->size(), 't');
    } else if (const auto* bytes = std::get_if<Bytes>(&values[i].variant())) {
      add(kBytea, bytes->empty() ? reinterpret_cast<const std::uint8_t*>("") : bytes->data(), bytes->size(), 'b');
    } else {
      add(0, nullptr, 0, 'n');
    }
  }
  signature_ += ':';
}

void PostgresValues::add(Oid type, const void* data, std::size_t size, char letter) {
  if (size > std::size_t{1} << 28) refuse_type("value too long");
  types_.push_back(type);
  data_.push_back(static_cast<const char*>(data));
  lengths_.push_back(static_cast<int>(size));
  formats_.push_back(1);
  signature_ += letter;
}

Rows rows_of(const PGresult* result) {
  Rows rows;
  const std::string_view tag = PQcmdStatus(const_cast<PGresult*>(result));
  if (tag.starts_with("INSERT") || tag.starts_with("UPDATE") || tag.starts_with("DELETE")) {
    rows.changed = std::stoll(PQcmdTuples(const_cast<PGresult*>(result)));
  }
  if (PQresultStatus(result) != PGRES_TUPLES_OK) return rows;
  const int columns = PQnfields(result);
  rows.resize(static_cast<std::size_t>(PQntuples(result)));
  for (int r = 0; r < PQntuples(result); ++r) {
    Row& row = rows[static_cast<std::size_t>(r)];
    row.resize(static_cast<std::size_t>(columns));
    for (int c = 0; c < columns; ++c) {
      if (PQgetisnull(result, r, c) != 0) continue;
      const auto* data = reinterpret_cast<const std::uint8_t*>(PQgetvalue(result, r, c));
      row[static_cast<std::size_t>(c)] =
          decode(PQftype(result, c), {data, static_cast<std::size_t>(PQgetlength(result, r, c))});
    }
  }
  return rows;
}

}  // namespace catchment::store
