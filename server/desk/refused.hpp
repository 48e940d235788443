// What is well-formed and may not be: out of its window, not this child's stage, somebody else's.
#pragma once

#include <stdexcept>
#include <string>

namespace catchment::desk {

struct Refused : std::runtime_error {
  Refused(int status_, std::string code_, const std::string& detail, std::string clause_ = {}, std::string field_ = {})
      : std::runtime_error(detail),
        status(status_),
        code(std::move(code_)),
        clause(std::move(clause_)),
        field(std::move(field_)) {}

  int status;          // of HTTP
  std::string code;    // stable: the guard's word, or one of ours
  std::string clause;  // id of the policy pack's clause; may be empty
  std::string field;
};

}  // namespace catchment::desk
