#include "datasets/importer/recoder.hpp"

#include <algorithm>
#include <cctype>

#include "geo/input_error.hpp"

namespace catchment::datasets {
namespace {

bool is_utf8_name(std::string name) {
  std::erase(name, '-');
  std::ranges::transform(name, name.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return name.empty() || name == "utf8";
}

bool is_ascii(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

}  // namespace

Recoder::Recoder(const std::string& encoding) : handle_(reinterpret_cast<iconv_t>(-1)) {
  if (is_utf8_name(encoding)) return;
  handle_ = iconv_open("UTF-8", encoding.c_str());
  if (!needed()) throw InputError("mapping_encoding", "", "unknown encoding " + encoding);
}

Recoder::~Recoder() {
  if (needed()) iconv_close(handle_);
}

std::string_view Recoder::to_utf8(std::string_view text, std::string& storage) const {
  if (!needed() || is_ascii(text)) return text;
  storage.resize(text.size() * 4);
  std::string bytes(text);  // iconv's interface is not const
  char* in = bytes.data();
  std::size_t in_left = bytes.size();
  char* out = storage.data();
  std::size_t out_left = storage.size();
  iconv(handle_, nullptr, nullptr, nullptr, nullptr);
  if (iconv(handle_, &in, &in_left, &out, &out_left) == static_cast<std::size_t>(-1)) return text;
  storage.resize(storage.size() - out_left);
  return storage;
}

}  // namespace catchment::datasets
