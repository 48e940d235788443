// CSV as RFC 4180 has it and as it is met: BOM, LF, CRLF or CR line ends, comma, semicolon, tab or bar between fields
// (told from the first record), quoted fields over several lines. Streaming, in constant memory.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace catchment::datasets {

class CsvReader {
 public:
  // Fills the buffer, returns how much; 0 at the end.
  using Read = std::function<std::size_t(char* buffer, std::size_t size)>;

  // Throws InputError(source_format) for UTF-16. `name` is for messages.
  CsvReader(Read read, std::string name);

  // The next record that is not blank; views are valid until the next call. False at the end. Throws
  // InputError(source_damaged): a quote without its end, or a record of more than 16 MB.
  bool next(std::vector<std::string_view>& fields);

  std::int64_t bytes_read() const { return bytes_read_; }

 private:
  struct Field {
    std::size_t begin = 0;
    std::size_t end = 0;
    bool quoted = false;
  };
  enum class Scan { record, more, end };

  Scan scan();
  bool scan_quoted(std::size_t& at) const;
  void refill();
  void find_separator();
  std::string_view unquoted(const Field& field);

  Read read_;
  std::string name_;
  std::vector<char> buffer_;
  std::size_t begin_ = 0;  // of the record at hand
  std::size_t next_ = 0;   // of the one after
  std::size_t end_ = 0;
  bool at_eof_ = false;
  char separator_ = ',';
  std::int64_t records_ = 0;
  std::int64_t bytes_read_ = 0;
  std::vector<Field> found_;
};

}  // namespace catchment::datasets
