// Which school of the package a notice means: by id or name, exactly or as the package knows it by another name; never
// by likeness.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "datasets/city_package.hpp"

namespace catchment::datasets {

class SchoolBook {
 public:
  explicit SchoolBook(const CityPackage& package);

  struct Hit {
    const engine::School* school = nullptr;
    std::string campus;  // what stood after the name: 示例小学（东校区）, 示例小学东校区
    bool by_other_name = false;
  };
  // Names are compared as geo::name_key does, so 第三小学 is 第3小学 and brackets and blanks do not matter. A name that
  // several schools bear is none of them.
  std::optional<Hit> find(std::string_view written) const;
  const engine::School* find_id(std::string_view id) const;

  // Names most like the one written, best first, at most three; several bearers of the very name come first.
  std::vector<std::string> alike(std::string_view written) const;

  const std::vector<engine::School>& schools() const { return schools_; }
  // Of that campus if one bears the name, else all of the school.
  std::vector<geo::Point> places(const std::string& school_id, const std::string& campus) const;

 private:
  struct Bearer {
    std::size_t school = 0;
    bool other_name = false;
  };
  std::optional<Hit> find_whole(std::string_view written) const;

  std::vector<engine::School> schools_;  // by id
  std::vector<engine::Campus> campuses_;
  std::map<std::string, std::vector<Bearer>, std::less<>> by_key_;
  std::vector<std::pair<std::u32string, std::size_t>> keys_;  // for alike(): characters of the key, school
};

// Edits between two texts by characters; a look-alike character costs a third of another one.
double look_alike_distance(std::u32string_view a, std::u32string_view b);
std::u32string characters_of(std::string_view utf8);

}  // namespace catchment::datasets
