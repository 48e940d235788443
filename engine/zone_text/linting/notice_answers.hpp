// What all rows of a notice say together of every address of the city, found by street, place and region rather than
// by asking every row about every address.
#pragma once

#include <span>
#include <vector>

#include "engine/zone_text/lint.hpp"

namespace catchment::engine::zone_text {

inline constexpr std::uint32_t kNoRule = 0xffffffffu;

// One row's word on one address; rows that say `out` without doubt are not kept.
struct RowVerdict {
  geo::EntryId entry = geo::kNoEntry;
  std::uint32_t row = 0;
  std::uint32_t rule = kNoRule;    // the first that decided, position in CompiledText::rules
  std::uint32_t condition = 0;     // position in NoticeAnswers::condition; 0: holds for every child
  Verdict verdict = Verdict::out;  // out: only with on_boundary
  bool on_boundary = false;
};

class NoticeAnswers {
 public:
  // About linear in the addresses under the names and in the boxes of the regions that the rows mention. `only`, if not
  // empty, has a non-zero byte for each entry to look at. The arguments must outlive it.
  static std::optional<NoticeAnswers> build(std::span<const CompiledText> rows, const geo::Gazetteer& names,
                                            const LintOptions& options, std::span<const char> only = {});

  std::span<const RowVerdict> of(geo::EntryId entry) const;      // by row
  std::span<const RowVerdict> all() const { return verdicts_; }  // by entry, then row
  // An address without a place that no row names, though a row's region may hold it: nobody can tell whose it is.
  bool may_be_in_a_region(geo::EntryId entry) const;
  const std::vector<Household>& condition(std::uint32_t id) const { return conditions_[id]; }

 private:
  std::vector<RowVerdict> verdicts_;
  std::vector<std::uint32_t> begin_;  // per entry, one more at the end
  std::vector<std::vector<Household>> conditions_;
  std::vector<geo::EntryId> lost_;  // may_be_in_a_region; sorted
};

// True if no child can meet both: one asks for what the other excludes.
bool exclude_each_other(std::span<const Household> a, std::span<const Household> b);

// Whether an address lies under a name: street, estate, community, district, or what these lie in.
bool lies_under(const geo::Gazetteer& names, const geo::EntryPath& path, geo::NameId name);

}  // namespace catchment::engine::zone_text
