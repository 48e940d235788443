// Which rows of a notice the name of a school means.
#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/zone_text/reading/school_name.hpp"
#include "engine/zone_text/references.hpp"

namespace catchment::engine::zone_text {

class SchoolNames {
 public:
  explicit SchoolNames(std::span<const LintRow> rows);

  // Every row that the name may mean, those of schools without a name too. The shortest names that hold it win: 文贤 is
  // 文贤国中 before 仁德文贤国中.
  std::vector<std::size_t> may_mean(std::string_view name) const;
  // The rows of the one school that bears the name, written in full or short (国民小学, 国小), with or without the
  // district before it, or what its registered name has in brackets behind it. Empty: none bears it, or several do.
  std::vector<std::size_t> find(std::string_view name) const;

 private:
  struct School {
    std::string full;  // key, the word for school in its short form
    std::string bare;  // the same without brackets at its end
    std::string stem;
    SchoolLevel level = SchoolLevel::unknown;
    std::vector<std::size_t> rows;
  };

  std::map<std::string, School> schools_;
  std::vector<std::size_t> unnamed_;
};

}  // namespace catchment::engine::zone_text
