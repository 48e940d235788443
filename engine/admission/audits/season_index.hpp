// What ledgers and audits ask of a season's tables again and again, by id.
#pragma once

#include <string_view>
#include <unordered_map>

#include "engine/admission/audits/season_tables.hpp"

namespace catchment::engine::admission {

// Refers to the tables it was made from. O(rows) to build, O(1) a question.
class SeasonIndex {
 public:
  explicit SeasonIndex(const SeasonTables& tables);

  Day as_of() const { return as_of_; }
  bool term_started() const { return term_starts_ && *term_starts_ <= as_of_; }
  MaybeDay term_starts() const { return term_starts_; }

  const ChildRow* child(std::string_view id) const { return find(children_, id); }
  const SchoolRow* school(std::string_view id) const { return find(schools_, id); }
  const ClassRow* class_of(std::string_view child_id) const { return find(class_of_, child_id); }
  const DrawRow* draw(std::string_view id) const { return find(draws_, id); }
  const std::vector<const AdmissionRow*>& admissions(std::string_view child_id) const;
  const std::vector<const TraceRow*>& traces(std::string_view child_id) const;  // by day
  const std::vector<const StudentRecordRow*>& open_records(std::string_view child_id) const;
  // Every approval there ever was for a subject.
  const std::vector<const ApprovalRow*>& approvals_of(std::string_view subject) const;
  // The approvals of a kind for a subject, good on that day: granted by then, not yet over.
  std::vector<const ApprovalRow*> approvals(std::string_view kind, std::string_view subject, Day on) const;
  const ApprovalRow* approval(std::string_view kind, std::string_view subject) const;  // any that holds as of now

 private:
  template <class Row>
  using ById = std::unordered_map<std::string_view, const Row*>;
  template <class Row>
  using ListById = std::unordered_map<std::string_view, std::vector<const Row*>>;

  template <class Row>
  static const Row* find(const ById<Row>& rows, std::string_view id) {
    const auto at = rows.find(id);
    return at == rows.end() ? nullptr : at->second;
  }

  Day as_of_{};
  MaybeDay term_starts_;
  ById<ChildRow> children_;
  ById<SchoolRow> schools_;
  ById<ClassRow> class_of_;
  ById<DrawRow> draws_;
  ListById<AdmissionRow> admissions_;
  ListById<TraceRow> traces_;
  ListById<StudentRecordRow> open_records_;
  ListById<ApprovalRow> approvals_;  // by subject
};

}  // namespace catchment::engine::admission
