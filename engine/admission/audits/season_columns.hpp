// The columns of every table of a season, once: header of its CSV file, order, type, and the words a column may hold.
// Reader, writer, privacy check and audits all go by this list.
#pragma once

#include <span>
#include <string_view>
#include <tuple>
#include <variant>

#include "engine/admission/audits/season_tables.hpp"

namespace catchment::engine::admission {

template <class Row>
using Member = std::variant<std::string Row::*, Words Row::*, int Row::*, bool Row::*, std::optional<int> Row::*,
                            MaybeDay Row::*, MaybeTime Row::*>;

template <class Row>
struct Column {
  std::string_view name;
  Member<Row> member;
  bool required = false;     // may not be empty
  std::string_view words{};  // the only texts it may hold, separated by '|'; empty: any
};

template <class Row>
struct Table {
  std::string_view file;  // "children.csv"
  std::vector<Row> SeasonTables::*rows;
  std::span<const Column<Row>> columns;
  bool keyed = false;  // the first column names its row, so no two may share it
};

// All tables, in the order of SeasonTables. Visit them with std::apply.
using AllTables =
    std::tuple<Table<SeasonRow>, Table<ChildRow>, Table<RegistrationRow>, Table<FormFieldRow>, Table<DataCheckRow>,
               Table<SchoolRow>, Table<ZoneRow>, Table<EstateRow>, Table<OfferRow>, Table<AdmissionRow>,
               Table<ClassRow>, Table<ClassPupilRow>, Table<ApprovalRow>, Table<DrawRow>, Table<PaymentRow>,
               Table<CommitmentRow>, Table<PublicationRow>, Table<ComplaintRow>, Table<IncidentRow>, Table<RecordRow>,
               Table<TraceRow>, Table<StudentRecordRow>, Table<RecommendationRow>>;
const AllTables& all_season_tables();

// One column as text, for who only needs names: {"children.csv", "birth_date"}.
struct ColumnName {
  std::string_view file;
  std::string_view column;
};
std::vector<ColumnName> season_column_names();

// Throws InputError(season_value) with where = "children.csv:2#child_id" (row 1 is the header) for a required column
// that is empty: tables made by hand are held to what the reader of files holds them to.
void check_required_columns(const SeasonTables& tables);

}  // namespace catchment::engine::admission
