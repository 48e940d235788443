#include "engine/admission/audits/season_index.hpp"

#include <algorithm>

namespace catchment::engine::admission {
namespace {

template <class Row>
const std::vector<const Row*>& indexed_rows(const std::unordered_map<std::string_view, std::vector<const Row*>>& rows,
                                            std::string_view id) {
  static const std::vector<const Row*> kNoRows;
  const auto at = rows.find(id);
  return at == rows.end() ? kNoRows : at->second;
}

}  // namespace

SeasonIndex::SeasonIndex(const SeasonTables& tables) {
  if (!tables.season.empty()) {
    as_of_ = tables.season.front().as_of.value_or(Day{});
    term_starts_ = tables.season.front().term_starts;
  }
  for (const ChildRow& row : tables.children) children_.emplace(row.child_id, &row);
  for (const SchoolRow& row : tables.schools) schools_.emplace(row.school_id, &row);
  for (const DrawRow& row : tables.draws) draws_.emplace(row.draw_id, &row);
  for (const AdmissionRow& row : tables.admissions) admissions_[row.child_id].push_back(&row);
  for (const TraceRow& row : tables.traces) traces_[row.child_id].push_back(&row);
  for (auto& [child, rows] : traces_) {
    std::ranges::stable_sort(rows, {}, [](const TraceRow* row) { return row->day.value_or(Day{}); });
  }
  for (const StudentRecordRow& row : tables.student_records) {
    if (!row.closed && !row.child_id.empty()) open_records_[row.child_id].push_back(&row);
  }
  for (const ApprovalRow& row : tables.approvals) approvals_[row.subject].push_back(&row);
  ById<ClassRow> classes;
  for (const ClassRow& row : tables.classes) classes.emplace(row.class_id, &row);
  for (const ClassPupilRow& row : tables.class_pupils) {
    const ClassRow* found = find(classes, row.class_id);
    if (found != nullptr) class_of_.emplace(row.child_id, found);
  }
}

const std::vector<const AdmissionRow*>& SeasonIndex::admissions(std::string_view child_id) const {
  return indexed_rows(admissions_, child_id);
}

const std::vector<const TraceRow*>& SeasonIndex::traces(std::string_view child_id) const {
  return indexed_rows(traces_, child_id);
}

const std::vector<const StudentRecordRow*>& SeasonIndex::open_records(std::string_view child_id) const {
  return indexed_rows(open_records_, child_id);
}

const std::vector<const ApprovalRow*>& SeasonIndex::approvals_of(std::string_view subject) const {
  return indexed_rows(approvals_, subject);
}

std::vector<const ApprovalRow*> SeasonIndex::approvals(std::string_view kind, std::string_view subject, Day on) const {
  std::vector<const ApprovalRow*> good;
  for (const ApprovalRow* row : indexed_rows(approvals_, subject)) {
    const bool holds = row->day && *row->day <= on && (!row->until || on <= *row->until);
    if (row->kind == kind && holds) good.push_back(row);
  }
  return good;
}

const ApprovalRow* SeasonIndex::approval(std::string_view kind, std::string_view subject) const {
  const auto good = approvals(kind, subject, as_of_);
  return good.empty() ? nullptr : good.front();
}

}  // namespace catchment::engine::admission
