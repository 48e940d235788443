#include "server/api/query.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>

#include "geo/input_error.hpp"

namespace catchment::api {
namespace {

// What came from outside is not repeated at length.
std::string shortened(const std::string& name) { return name.size() <= 40 ? name : name.substr(0, 40); }

std::string plain(double value) {
  std::string text = std::to_string(static_cast<long long>(value));
  return text;
}

}  // namespace

Parameters::Parameters(const http::Query& query, std::initializer_list<std::string_view> known) : query_(query) {
  for (auto it = query.begin(); it != query.end(); ++it) {
    const auto& name = it->first;
    if (std::find(known.begin(), known.end(), name) == known.end()) {
      throw InputError("parameter_unknown", shortened(name), "there is no such parameter here");
    }
    if (std::any_of(query.begin(), it, [&](const auto& other) { return other.first == name; })) {
      throw InputError("parameter_duplicate", name, "given more than once");
    }
  }
}

const std::string* Parameters::find(std::string_view name) const {
  const auto found = std::ranges::find_if(query_, [&](const auto& pair) { return pair.first == name; });
  return found == query_.end() ? nullptr : &found->second;
}

std::string Parameters::get(std::string_view name) const {
  const std::string* value = find(name);
  if (value == nullptr) throw InputError("parameter_missing", std::string(name), "is needed");
  return *value;
}

std::optional<double> Parameters::find_number(std::string_view name, double low, double high) const {
  const std::string* text = find(name);
  if (text == nullptr) return std::nullopt;
  double value = 0;
  const char* const end = text->data() + text->size();
  const auto [stop, error] = std::from_chars(text->data(), end, value, std::chars_format::fixed);
  if (error != std::errc{} || stop != end || !std::isfinite(value) || value < low || value > high) {
    throw InputError("parameter_invalid", std::string(name),
                     "must be a number from " + plain(low) + " to " + plain(high));
  }
  return value;
}

double Parameters::get_number(std::string_view name, double low, double high) const {
  const auto value = find_number(name, low, high);
  if (!value) throw InputError("parameter_missing", std::string(name), "is needed");
  return *value;
}

std::optional<std::string> Parameters::find_text(std::string_view name, std::size_t most) const {
  const std::string* text = find(name);
  if (text == nullptr) return std::nullopt;
  if (count_characters(*text) > most || text->find_first_not_of(" \t\r\n") == std::string::npos) {
    throw InputError("parameter_invalid", std::string(name),
                     "must be a text of at most " + std::to_string(most) + " characters, and not blank");
  }
  return *text;
}

std::string Parameters::get_text(std::string_view name, std::size_t most) const {
  auto text = find_text(name, most);
  if (!text) throw InputError("parameter_missing", std::string(name), "is needed");
  return std::move(*text);
}

std::size_t count_characters(std::string_view text) {
  return static_cast<std::size_t>(
      std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0u) != 0x80u; }));
}

std::optional<std::uint32_t> find_count(std::string_view text, std::uint32_t high) {
  std::uint32_t value = 0;
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || stop != text.data() + text.size() || value > high) return std::nullopt;
  if (text.size() > 1 && text.front() == '0') return std::nullopt;
  return value;
}

}  // namespace catchment::api
