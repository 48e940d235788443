#include "server/cli/row_output.hpp"

#include <algorithm>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

namespace catchment::cli {

void append_item(std::string& list, const std::string& item) {
  if (!list.empty()) list += ';';
  list += item;
}

namespace {

// Spreadsheets run a cell that begins so as a formula.
bool looks_like_formula(const std::string& text) {
  return !text.empty() && (text[0] == '=' || text[0] == '+' || text[0] == '-' || text[0] == '@' || text[0] == '\t');
}

}  // namespace

void append_csv(std::string& out, const std::string& text) {
  const bool formula = looks_like_formula(text);
  if (!formula && text.find_first_of(",\"\r\n") == std::string::npos) {
    out += text;
    return;
  }
  out += formula ? "\"'" : "\"";
  for (const char c : text) {
    if (c == '"') out += '"';
    out += c;
  }
  out += '"';
}

std::string fixed(double value, int digits) {
  char text[48];
  const int n = std::snprintf(text, sizeof text, "%.*f", digits, value);
  return {text, static_cast<std::size_t>(n)};
}

void in_slices(std::size_t count, std::size_t slices,
               const std::function<void(std::size_t, std::size_t, std::size_t)>& work) {
  const std::size_t share = (count + slices - 1) / slices;
  std::vector<std::jthread> workers;
  for (std::size_t s = 1; s < slices; ++s) {
    workers.emplace_back([&, s] { work(s, std::min(count, s * share), std::min(count, (s + 1) * share)); });
  }
  work(0, 0, std::min(count, share));
}

RowOutput::RowOutput(const std::filesystem::path& path) : path_(path) {
  if (path.empty()) return;
  partial_ = std::make_unique<datasets::PartialFile>(path);
  file_ = std::fopen(partial_->path().c_str(), "wb");
  if (file_ == nullptr) throw std::system_error(errno, std::generic_category(), partial_->path().string());
}

RowOutput::~RowOutput() {
  if (partial_ != nullptr && file_ != nullptr) std::fclose(file_);
}

void RowOutput::write(const std::string& text) {
  if (std::fwrite(text.data(), 1, text.size(), file_) != text.size()) fail();
}

void RowOutput::finish() {
  if (std::fflush(file_) != 0) fail();
  if (partial_ == nullptr) return;
  if (std::fclose(std::exchange(file_, nullptr)) != 0) fail();
  partial_->publish();
}

void RowOutput::fail() const {
  throw std::system_error(errno, std::generic_category(), path_.empty() ? "standard output" : path_.string());
}

}  // namespace catchment::cli
