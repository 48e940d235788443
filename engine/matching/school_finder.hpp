// From an address, a child's household and primary school to the schools, by polygons, text rules and feeder tables
// together, with the clause that decided.
//
// Semantics (voices.hpp has the order of precedence)
//  * An address must be settled first. Where the text may mean several addresses, or is a street or an estate without a
//    door, the answer stands only if each of them answers the same; else it is `undetermined` with all that may be
//    meant.
//  * Household facts that are not known are tried both ways: only if the schools differ is the answer
//    `household_dependent`. A feeder row is a fact of the child too: without its primary school a layer that has feeder
//    rows is never definite.
//  * Several schools of equal rank are an answer if a row or zone says that they share it (joint, lottery, choice, a
//  zone
//    that names them all); if none does, the notice contradicts itself and the answer is `undetermined`.
//  * How seats are given (mode) is what the row's words on it say of the address, by the clause that gave it. Words on
//    what cannot be found, or cannot be told from the address, may speak of every address of the row: the mode is then
//    theirs rather than `direct`, and unsure. Where they would give a school less (seats left over, another school's
//    zone), it is not preferred to others that speak. A school that shares the address and is not known makes the
//    answer `undetermined`.
//  * A child of whom several household conditions hold may be given to several schools, of which no words say which:
//    such an answer is `household_dependent` while the facts are open, and `undetermined` once they are given.
//  * An exception whose name nobody knows puts what it is excepted from in doubt, there and nowhere else.
//  * Words that could not be resolved are silent for an address that some other clause gives away, and make
//    `undetermined` of what would be `no_zone`.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/matching/household.hpp"
#include "engine/matching/zone_layer.hpp"
#include "engine/zone_text/compile.hpp"

namespace catchment::engine {

struct ChildQuery {
  std::string_view address;            // text as typed; or
  std::optional<geo::Point> position;  // a place, with
  double error_m = 0;                  // how far it may be off
  HouseholdFacts household;
  std::string primary_school_id;  // junior stage only; may be empty
};

enum class FinderStatus : std::uint8_t {
  definite,
  household_dependent,  // which school depends on facts not given
  boundary,             // nearer to a line than the place's own error
  undetermined,         // the text cannot be decided, or the address is not settled: choose first
  no_zone,
};
std::string_view to_word(FinderStatus status);

struct Fired {  // what spoke for, or against, a school
  std::string school_id;
  std::string row_id;  // of the notice row; empty: a zone's shape
  std::string notice_id;
  std::string place;  // in the notice
  std::string quote;  // the clause
  geo::Span span;     // of the row's text
  zone_text::RuleLevel level = zone_text::RuleLevel::polygon;
  zone_text::RuleEffect effect = zone_text::RuleEffect::allow;
  std::string zone_id;      // a zone's shape
  double margin_m = 0;      // likewise
  std::string feeder;       // a feeder row: from school id; "*" for whoever wants to
  std::string campus;       // as the notice names it
  bool overridden = false;  // a stronger rule decided otherwise
};

struct SchoolAnswer {
  std::string school_id;
  zone_text::AllocationMode mode = zone_text::AllocationMode::direct;
  bool mode_unsure = false;                      // `mode` is what the words may mean here, not `direct` if there is one
  std::vector<std::string> mode_doubts;          // names in those words that nothing here bears
  std::vector<zone_text::Household> depends_on;  // this school only if these hold
  std::vector<Fired> fired;
};

struct FinderAnswer {
  FinderStatus status = FinderStatus::no_zone;
  std::vector<SchoolAnswer> schools;  // sorted by id; with undetermined those that may be meant
  std::vector<Fired> against;         // denials and overridden rules of other schools
  geo::Found address;                 // how the text was read; empty for a place
  std::optional<geo::Point> place;    // that was looked up; empty: several, or none is known
  double error_m = 0;
  std::string phone;   // of the deciding row, else of the notice
  std::string reason;  // one English sentence
};

struct FinderRow {  // one row of a notice, ready to answer
  ZoneRow row;
  zone_text::CompiledText text;
};

// Everything one layer (stage, school year, kind) answers with. Immutable; the gazetteer and layer must outlive it.
class SchoolFinder {
 public:
  // Rows, feeders and notices of this layer's stage and year; a zone whose row compiled to a region is answered by its
  // row, every other zone by its shape.
  static SchoolFinder build(const geo::Gazetteer& names, const ZoneLayer* zones, std::vector<FinderRow> rows,
                            std::span<const Feeder> feeders, std::span<const School> schools,
                            std::span<const Notice> notices);
  FinderAnswer find(const ChildQuery& query) const;
  // The same for a text that was looked up in the gazetteer already, with FindOptions::limit = kCandidates.
  FinderAnswer find(geo::Found found, const ChildQuery& query) const;
  static constexpr std::size_t kCandidates = 16;  // a text that may mean more addresses is too vague to answer
  // For a known address of the gazetteer: what find() does after the text is settled.
  FinderAnswer find_entry(geo::EntryId entry, const ChildQuery& query) const;

  // What families of this layer may have to be asked: every household condition of its rows, once each.
  const std::vector<zone_text::Household>& questions() const;
  bool asks_for_primary_school() const;

  struct Tables;  // finder_tables.hpp; internal

 private:
  explicit SchoolFinder(std::shared_ptr<const Tables> tables);
  std::shared_ptr<const Tables> tables_;
};

}  // namespace catchment::engine
