// The one exception for input that cannot be used: a bad file, row, field, configuration or request.
#pragma once

#include <stdexcept>
#include <string>

namespace catchment {

struct InputError : std::runtime_error {
  // code: stable, snake_case, for programs. where: "file:row", "file" or a JSON pointer; may be empty.
  InputError(std::string code_, std::string where_, const std::string& message)
      : std::runtime_error(where_.empty() ? message : where_ + ": " + message),
        code(std::move(code_)),
        where(std::move(where_)) {}

  std::string code;
  std::string where;
};

}  // namespace catchment
