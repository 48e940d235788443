// The parameters of a request, read strictly: what is not known, given twice, missing or out of range is refused by
// name.
#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

#include "server/http/message.hpp"

namespace catchment::api {

// Characters of an address somebody types. Percent-encoded the longest still fits into a request's head; as UTF-8 it is
// short enough to be parsed.
inline constexpr std::size_t kMostAddressCharacters = 512;

// Every refusal throws InputError whose `where` is the parameter: parameter_unknown, parameter_duplicate,
// parameter_missing, parameter_invalid.
class Parameters {
 public:
  Parameters(const http::Query& query, std::initializer_list<std::string_view> known);

  const std::string* find(std::string_view name) const;  // null if absent
  std::string get(std::string_view name) const;
  // A plain decimal number in [low, high]; no sign but '-', no "nan", "inf", hexadecimal or blanks.
  std::optional<double> find_number(std::string_view name, double low, double high) const;
  // UTF-8 of at most `most` characters, not blank.
  std::optional<std::string> find_text(std::string_view name, std::size_t most) const;
  std::string get_text(std::string_view name, std::size_t most) const;
  double get_number(std::string_view name, double low, double high) const;

 private:
  const http::Query& query_;
};

// Unicode code points of a UTF-8 text: what JSON Schema counts as its length, and where every client can cut.
std::size_t count_characters(std::string_view text);

// Digits only, no leading zero, at most `high`.
std::optional<std::uint32_t> find_count(std::string_view text, std::uint32_t high);

}  // namespace catchment::api
