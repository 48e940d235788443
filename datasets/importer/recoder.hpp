// Text of another encoding to UTF-8, by iconv. Bytes that have no meaning in it are left as they are, so that the row
// that holds them is refused instead of losing letters in silence.
#pragma once

#include <iconv.h>

#include <string>
#include <string_view>

namespace catchment::datasets {

class Recoder {
 public:
  // Empty or UTF-8: nothing to do. Throws InputError(mapping_encoding) if iconv does not know it.
  explicit Recoder(const std::string& encoding);
  ~Recoder();
  Recoder(const Recoder&) = delete;
  Recoder& operator=(const Recoder&) = delete;

  bool needed() const { return handle_ != reinterpret_cast<iconv_t>(-1); }
  // The text in UTF-8; `storage` may be used to hold it.
  std::string_view to_utf8(std::string_view text, std::string& storage) const;

 private:
  iconv_t handle_;
};

}  // namespace catchment::datasets
