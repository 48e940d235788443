// Reading a proof file strictly: one canonical form, and an error that names file, line and field.
//
// ASCII, lines ended by LF, the last one too; no BOM, no CR, no other control character but the tab between columns.
#pragma once

#include <string_view>
#include <vector>

#include "engine/admission/lottery/ticket.hpp"

namespace catchment::engine::admission {

// Throws InputError{"draw_form", "file:line", "field: message"}; line 0 speaks of the whole file.
[[noreturn]] void refuse_proof(std::string_view file, std::size_t line, std::string_view field,
                               std::string_view message);

// The lines of a file without their LF. An empty file has none.
std::vector<std::string_view> proof_lines(std::string_view file, std::string_view text);

// One line in hand: where it stands, for errors.
struct ProofLine {
  std::string_view file;
  std::size_t number = 0;  // from 1
  std::string_view text;
};

// Exactly so many columns between tabs. `names` are what errors call them, in order.
std::vector<std::string_view> proof_columns(const ProofLine& line, std::initializer_list<std::string_view> names);

// A whole number of 0 to 9,999,999 without sign or leading zero.
int proof_number(const ProofLine& line, std::string_view field, std::string_view text);
Digest proof_digest(const ProofLine& line, std::string_view field, std::string_view text);
Code proof_code(const ProofLine& line, std::string_view field, std::string_view text);

// Letters, digits, '.', '_' and '-', at most 64: the id of a draw.
std::string proof_id(const ProofLine& line, std::string_view field, std::string_view text);

// "key: value" lines read in a fixed order; every line must be asked for.
class ProofKeys {
 public:
  ProofKeys(std::string_view file, std::string_view text);

  // The next line if it has this key; else an empty one.
  ProofLine next_if(std::string_view key);
  // The next line, which must have this key.
  ProofLine next(std::string_view key);
  // Refuses a line that is left.
  void end() const;

  static std::string_view value(const ProofLine& line) { return line.text.substr(line.text.find(": ") + 2); }

 private:
  std::string_view file_;
  std::vector<std::string_view> lines_;
  std::size_t at_ = 0;
};

}  // namespace catchment::engine::admission
