#include "engine/admission/lottery/proof_text.hpp"

#include "geo/input_error.hpp"

namespace catchment::engine::admission {

void refuse_proof(std::string_view file, std::size_t line, std::string_view field, std::string_view message) {
  std::string where(file);
  if (line != 0) where += ":" + std::to_string(line);
  std::string text(field);
  if (!text.empty()) text += ": ";
  throw InputError("draw_form", std::move(where), text.append(message));
}

std::vector<std::string_view> proof_lines(std::string_view file, std::string_view text) {
  std::vector<std::string_view> lines;
  std::size_t from = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte == '\n') {
      lines.push_back(text.substr(from, i - from));
      from = i + 1;
    } else if (byte != '\t' && (byte < 0x20 || byte > 0x7e)) {
      const char* what = byte == '\r'   ? "a carriage return: lines end with LF alone"
                         : byte == 0xef ? "a byte that is no ASCII; perhaps a byte order mark"
                                        : "a byte that is no printable ASCII";
      refuse_proof(file, lines.size() + 1, "", what);
    }
  }
  if (from != text.size()) refuse_proof(file, lines.size() + 1, "", "the last line does not end with LF");
  return lines;
}

std::vector<std::string_view> proof_columns(const ProofLine& line, std::initializer_list<std::string_view> names) {
  std::vector<std::string_view> columns;
  columns.reserve(names.size());
  std::size_t from = 0;
  while (true) {
    const std::size_t tab = line.text.find('\t', from);
    columns.push_back(line.text.substr(from, tab == std::string_view::npos ? tab : tab - from));
    if (tab == std::string_view::npos) break;
    from = tab + 1;
  }
  if (columns.size() != names.size()) {
    std::string wanted;
    for (const std::string_view name : names) wanted.append(wanted.empty() ? "" : ", ").append(name);
    refuse_proof(line.file, line.number, "", "the columns are " + wanted + ", with one tab between two");
  }
  return columns;
}

int proof_number(const ProofLine& line, std::string_view field, std::string_view text) {
  int number = 0;
  const bool fits = !text.empty() && text.size() <= 7 && (text.size() == 1 || text[0] != '0');
  if (!fits) refuse_proof(line.file, line.number, field, "must be a number of 0 to 9999999 without leading zero");
  for (const char c : text) {
    if (c < '0' || c > '9') refuse_proof(line.file, line.number, field, "must be a number");
    number = number * 10 + (c - '0');
  }
  return number;
}

Digest proof_digest(const ProofLine& line, std::string_view field, std::string_view text) {
  Digest digest;
  if (!parse_hex(text, digest)) {
    refuse_proof(line.file, line.number, field, "must be 64 lower-case hexadecimal digits");
  }
  return digest;
}

Code proof_code(const ProofLine& line, std::string_view field, std::string_view text) {
  Code code;
  if (!parse_code(text, code)) {
    refuse_proof(line.file, line.number, field, "must be 8 of 0-9 and A-Z without I, L, O, U");
  }
  return code;
}

std::string proof_id(const ProofLine& line, std::string_view field, std::string_view text) {
  bool good = !text.empty() && text.size() <= 64;
  for (const char c : text) {
    good = good && ((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '.' ||
                    c == '_' || c == '-');
  }
  if (!good) refuse_proof(line.file, line.number, field, "must be 1 to 64 letters, digits, '.', '_' or '-'");
  return std::string(text);
}

ProofKeys::ProofKeys(std::string_view file, std::string_view text) : file_(file), lines_(proof_lines(file, text)) {}

ProofLine ProofKeys::next_if(std::string_view key) {
  if (at_ == lines_.size()) return {};
  const std::string_view line = lines_[at_];
  if (line.size() <= key.size() + 2 || line.substr(0, key.size()) != key || line.substr(key.size(), 2) != ": ")
    return {};
  return {file_, ++at_, line};
}

ProofLine ProofKeys::next(std::string_view key) {
  const ProofLine line = next_if(key);
  if (line.number == 0) refuse_proof(file_, at_ + 1, key, "this line must be `" + std::string(key) + ": ...`");
  return line;
}

void ProofKeys::end() const {
  if (at_ != lines_.size()) refuse_proof(file_, at_ + 1, "", "no key that may stand here");
}

}  // namespace catchment::engine::admission
