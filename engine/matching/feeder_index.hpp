// Which schools name a child's primary school: the feeder clauses of the rows and the package's feeder table as one.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/model.hpp"
#include "engine/zone_text/compile.hpp"

namespace catchment::engine {

// One link to a school. `partial`: only some of the graduates (部分毕业生), or words that cannot be told for sure.
struct FeederLink {
  std::string from;  // school id; "*": whoever wants to
  std::string to;
  bool partial = false;
  bool by_place = false;                         // 尹庄镇所属小学
  bool place_unsure = false;                     // and whether the school lies there cannot be told
  std::vector<zone_text::Household> households;  // all must hold
  std::optional<std::size_t> row;                // of the rows given; empty: the package's table
  std::size_t rule = 0;                          // of the row's feeders
  std::optional<std::size_t> region;             // of the row's regions: only those who live there
  std::string words;                             // of the table: what the answer quotes
};

class FeederIndex {
 public:
  FeederIndex() = default;
  // texts[i] is the row of school_ids[i]. Schools are known by name, by the short form notices use (市二小 for
  // 示例市第二小学), or by a name that ends so and is the only one.
  static FeederIndex build(const geo::Gazetteer& names, std::span<const zone_text::CompiledText* const> texts,
                           std::span<const std::string> school_ids, std::span<const Feeder> feeders,
                           std::span<const School> schools);

  const std::vector<FeederLink>& links() const { return links_; }
  // Positions in links(), of those that name the school; not of those open to all.
  std::span<const std::size_t> links_of(std::string_view school_id) const;
  std::span<const std::size_t> open_to_all() const { return open_; }
  bool empty() const { return by_school_.empty() && open_.empty() && unresolved_.empty(); }
  // Rows that name a primary school the package does not know; sorted.
  std::span<const std::size_t> unresolved_rows() const { return unresolved_; }

 private:
  class SchoolNames;
  void add(FeederLink link);
  void drop_guesses();
  void add_rule(const zone_text::FeederRule& rule, FeederLink link, const SchoolNames& known,
                const geo::Gazetteer& names);

  std::vector<FeederLink> links_;
  std::map<std::string, std::vector<std::size_t>, std::less<>> by_school_;
  std::vector<std::size_t> open_;
  std::vector<std::size_t> unresolved_;
};

}  // namespace catchment::engine
