#include "datasets/importer/csv_reader.hpp"

#include <algorithm>
#include <array>
#include <cstring>

#include "geo/input_error.hpp"

namespace catchment::datasets {
namespace {

constexpr std::size_t kChunk = 1 << 20;
constexpr std::size_t kMaxRecord = 16 << 20;

}  // namespace

CsvReader::CsvReader(Read read, std::string name) : read_(std::move(read)), name_(std::move(name)), buffer_(kChunk) {
  refill();
  const std::string_view start(buffer_.data(), end_);
  if (start.starts_with("\xFF\xFE") || start.starts_with("\xFE\xFF")) {
    throw InputError("source_format", name_, "a CSV file in UTF-16; save it as UTF-8");
  }
  if (start.starts_with("\xEF\xBB\xBF")) begin_ = next_ = 3;
  find_separator();
}

void CsvReader::find_separator() {
  constexpr std::array<char, 4> kSeparators{',', ';', '\t', '|'};
  std::array<std::ptrdiff_t, kSeparators.size()> counts{};
  bool quoted = false;
  for (std::size_t i = begin_; i < end_ && (quoted || (buffer_[i] != '\n' && buffer_[i] != '\r')); ++i) {
    if (buffer_[i] == '"') quoted = !quoted;
    const auto* at = std::ranges::find(kSeparators, buffer_[i]);
    if (!quoted && at != kSeparators.end()) ++counts[static_cast<std::size_t>(at - kSeparators.begin())];
  }
  separator_ = kSeparators[static_cast<std::size_t>(std::ranges::max_element(counts) - counts.begin())];
}

// Keeps the record at hand, moved to the front, and reads on behind it.
void CsvReader::refill() {
  const std::size_t kept = end_ - begin_;
  if (kept > kMaxRecord) {
    throw InputError("source_damaged", name_ + ":" + std::to_string(records_ + 1), "a record of more than 16 MB");
  }
  std::memmove(buffer_.data(), buffer_.data() + begin_, kept);
  next_ -= begin_;
  begin_ = 0;
  end_ = kept;
  if (buffer_.size() - end_ < kChunk / 2) buffer_.resize(buffer_.size() * 2);
  const std::size_t count = read_(buffer_.data() + end_, buffer_.size() - end_);
  end_ += count;
  bytes_read_ += static_cast<std::int64_t>(count);
  at_eof_ = count == 0;
}

// From just behind the opening quote to just behind the closing one. False if the buffer ends before that is sure.
bool CsvReader::scan_quoted(std::size_t& at) const {
  for (;;) {
    const void* quote = at < end_ ? std::memchr(buffer_.data() + at, '"', end_ - at) : nullptr;
    if (quote == nullptr) return false;
    at = static_cast<std::size_t>(static_cast<const char*>(quote) - buffer_.data()) + 1;
    if (at == end_) return at_eof_;
    if (buffer_[at] != '"') return true;
    ++at;
  }
}

CsvReader::Scan CsvReader::scan() {
  found_.clear();
  std::size_t at = begin_;
  if (at == end_) return at_eof_ ? Scan::end : Scan::more;
  for (;;) {
    Field field{at, at, at < end_ && buffer_[at] == '"'};
    if (field.quoted && !scan_quoted(++at)) {
      if (!at_eof_) return Scan::more;
      throw InputError("source_damaged", name_ + ":" + std::to_string(records_ + 1), "a quote without its end");
    }
    while (at < end_ && buffer_[at] != separator_ && buffer_[at] != '\n' && buffer_[at] != '\r') ++at;
    if (at == end_ && !at_eof_) return Scan::more;
    field.end = at;
    found_.push_back(field);
    if (at == end_) break;
    const char stop = buffer_[at++];
    if (stop == separator_) continue;
    if (stop == '\r') {
      if (at == end_ && !at_eof_) return Scan::more;
      if (at < end_ && buffer_[at] == '\n') ++at;
    }
    break;
  }
  next_ = at;
  return Scan::record;
}

// In place: quotes around the field go, doubled ones become one.
std::string_view CsvReader::unquoted(const Field& field) {
  char* const begin = buffer_.data() + field.begin;
  if (!field.quoted) return {begin, field.end - field.begin};
  char* out = begin;
  bool inside = true;
  for (std::size_t i = field.begin + 1; i < field.end; ++i) {
    const char c = buffer_[i];
    if (inside && c == '"') {
      if (i + 1 < field.end && buffer_[i + 1] == '"') {
        ++i;
      } else {
        inside = false;
        continue;
      }
    }
    *out++ = c;
  }
  return {begin, static_cast<std::size_t>(out - begin)};
}

bool CsvReader::next(std::vector<std::string_view>& fields) {
  for (;;) {
    begin_ = next_;
    Scan result = scan();
    while (result == Scan::more) {
      refill();
      result = scan();
    }
    if (result == Scan::end) return false;
    const bool blank = found_.size() == 1 && found_[0].begin == found_[0].end;
    if (!blank) break;
  }
  ++records_;
  fields.clear();
  for (const Field& field : found_) fields.push_back(unquoted(field));
  return true;
}

}  // namespace catchment::datasets
