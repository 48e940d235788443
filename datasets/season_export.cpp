#include "datasets/season_export.hpp"

#include <algorithm>
#include <set>

#include "datasets/privacy_list.hpp"
#include "datasets/season_files.hpp"
#include "engine/admission/audits/season_columns.hpp"
#include "geo/input_error.hpp"

namespace catchment::datasets {
namespace {

namespace admission = engine::admission;
using Ids = std::set<std::string, std::less<>>;

bool is_shown(std::string_view column, std::string_view role) {
  const engine::policy::PersonalField* field = privacy_list().find(column);
  return field == nullptr || std::ranges::find(field->roles, role) != field->roles.end();
}

template <class Row>
void add_export(const admission::Table<Row>& table, std::string_view role, std::vector<ExportTable>& out) {
  ExportTable made{table.file, {}, false};
  const auto has = [&](std::string_view column) {
    return std::ranges::find(table.columns, column, &admission::Column<Row>::name) != table.columns.end();
  };
  made.about_people = has("child_id") || has("subject") || has("head_teacher");
  for (const auto& column : table.columns) {
    if (!made.about_people || is_shown(column.name, role)) {
      made.columns.push_back(column.name);
    } else if (column.required) {
      return;
    }
  }
  out.push_back(std::move(made));
}

// Children, schools and classes of a cut.
class CutIds {
 public:
  CutIds(const admission::SeasonTables& tables, const ExportCut& cut) : cut_(cut) {
    for (const admission::SchoolRow& s : tables.schools) {
      if (cut.school.empty() ? s.district == cut.district : s.school_id == cut.school) schools_.insert(s.school_id);
    }
    for (const admission::ClassRow& c : tables.classes) {
      if (schools_.contains(c.school_id)) classes_.insert(c.class_id);
    }
    for (const admission::AdmissionRow& a : tables.admissions) {
      if (schools_.contains(a.school_id)) children_.insert(a.child_id);
    }
    for (const admission::ChildRow& c : tables.children) {
      if (cut.school.empty() && c.district == cut.district) children_.insert(c.child_id);
    }
  }

  // By the first of these columns that the table has: a child's row goes with the child.
  bool keeps(const SeasonCells& table, const std::vector<std::string>& row) const {
    if (cut_.school.empty() && cut_.district.empty()) return true;
    for (const auto& [column, ids] :
         {std::pair{"child_id", &children_}, {"class_id", &classes_}, {"school_id", &schools_}}) {
      const auto at = std::ranges::find(table.columns, column);
      if (at != table.columns.end()) return ids->contains(row[static_cast<std::size_t>(at - table.columns.begin())]);
    }
    const auto at = std::ranges::find(table.columns, "subject");
    if (at == table.columns.end()) return false;
    const std::string& subject = row[static_cast<std::size_t>(at - table.columns.begin())];
    return children_.contains(subject) || schools_.contains(subject) || classes_.contains(subject);
  }

 private:
  const ExportCut& cut_;
  Ids children_, schools_, classes_;
};

}  // namespace

std::vector<ExportTable> export_tables(std::string_view role) {
  std::vector<ExportTable> out;
  std::apply([&](const auto&... table) { (add_export(table, role, out), ...); }, admission::all_season_tables());
  return out;
}

std::string export_table(const admission::SeasonTables& tables, std::string_view file, const ExportCut& cut) {
  const std::vector<ExportTable> given = export_tables(cut.role);
  const auto table = std::ranges::find(given, file, &ExportTable::file);
  const auto cells = table == given.end() ? std::nullopt : season_cells(tables, file);
  if (!cells) throw InputError("export_unknown", std::string(file), "there is no such file for you");
  const CutIds ids(tables, cut);
  std::string text;
  for (const std::string_view column : cells->columns) text.append(text.empty() ? "" : ",").append(column);
  text += '\n';
  for (const auto& row : cells->rows) {
    if (table->about_people && !ids.keeps(*cells, row)) continue;
    for (std::size_t i = 0; i < row.size(); ++i) {
      if (i != 0) text += ',';
      const bool shown = std::ranges::find(table->columns, cells->columns[i]) != table->columns.end();
      if (shown) text += row[i];
    }
    text += '\n';
  }
  return text;
}

}  // namespace catchment::datasets
