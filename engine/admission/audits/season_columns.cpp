#include "engine/admission/audits/season_columns.hpp"

#include <array>

#include "geo/input_error.hpp"

namespace catchment::engine::admission {
namespace {

constexpr std::string_view kStages = "primary|junior";
constexpr std::string_view kWays =
    "zone|feeder|points|draw|wish|direct_promotion|attached_estate|policy|recommended|coordinated|purchased|placement|"
    "late";

const std::array kSeasonColumns{
    Column<SeasonRow>{"place", &SeasonRow::place, true},
    Column<SeasonRow>{"school_year", &SeasonRow::school_year, true},
    Column<SeasonRow>{"as_of", &SeasonRow::as_of, true},
    Column<SeasonRow>{"term_starts", &SeasonRow::term_starts, true},
    Column<SeasonRow>{"synthetic", &SeasonRow::synthetic, true},
};

const std::array kChildColumns{
    Column<ChildRow>{"child_id", &ChildRow::child_id, true},
    Column<ChildRow>{"stage", &ChildRow::stage, true, kStages},
    Column<ChildRow>{"district", &ChildRow::district, true},
    Column<ChildRow>{"birth_date", &ChildRow::birth_date},
    Column<ChildRow>{"sex", &ChildRow::sex, false, "female|male"},
    Column<ChildRow>{"household", &ChildRow::household, true, "hukou|permit|other"},
    Column<ChildRow>{"migrant", &ChildRow::migrant, true},
    Column<ChildRow>{"groups", &ChildRow::groups},
    Column<ChildRow>{"disability", &ChildRow::disability, false, "mild|moderate|severe|home_care"},
    Column<ChildRow>{"placement", &ChildRow::placement, false, "mainstream|special_school|home_teaching|deferred"},
    Column<ChildRow>{"own_plan", &ChildRow::own_plan, true},
    Column<ChildRow>{"graduate_of", &ChildRow::graduate_of},
    Column<ChildRow>{"zone_id", &ChildRow::zone_id},
    Column<ChildRow>{"bundle_id", &ChildRow::bundle_id},
};

const std::array kRegistrationColumns{
    Column<RegistrationRow>{"child_id", &RegistrationRow::child_id, true},
    Column<RegistrationRow>{"district", &RegistrationRow::district, true},
    Column<RegistrationRow>{"route", &RegistrationRow::route, true, "public|private"},
    Column<RegistrationRow>{"school_id", &RegistrationRow::school_id},
    Column<RegistrationRow>{"channel", &RegistrationRow::channel, true,
                            "online|on_site|primary_school|receiving_school|district"},
    Column<RegistrationRow>{"platform", &RegistrationRow::platform},
    Column<RegistrationRow>{"time", &RegistrationRow::time, true},
    Column<RegistrationRow>{"outcome", &RegistrationRow::outcome, true, "passed|failed|withdrawn|pending"},
    Column<RegistrationRow>{"verified", &RegistrationRow::verified},
    Column<RegistrationRow>{"late", &RegistrationRow::late, true},
    Column<RegistrationRow>{"debtor", &RegistrationRow::debtor, true},
};

const std::array kFormFieldColumns{
    Column<FormFieldRow>{"form_id", &FormFieldRow::form_id, true},
    Column<FormFieldRow>{"owner", &FormFieldRow::owner, true},
    Column<FormFieldRow>{"platform", &FormFieldRow::platform},
    Column<FormFieldRow>{"field", &FormFieldRow::field, true},
    Column<FormFieldRow>{"when", &FormFieldRow::when, true, "registration|after_term_start"},
};

const std::array kDataCheckColumns{
    Column<DataCheckRow>{"child_id", &DataCheckRow::child_id, true},
    Column<DataCheckRow>{"source", &DataCheckRow::source, true,
                         "hukou|property|residence_permit|social_insurance|debtor|student_record"},
    Column<DataCheckRow>{"time", &DataCheckRow::time, true},
    Column<DataCheckRow>{"result", &DataCheckRow::result, true, "match|mismatch|no_answer"},
    Column<DataCheckRow>{"settled", &DataCheckRow::settled},
};

const std::array kSchoolColumns{
    Column<SchoolRow>{"school_id", &SchoolRow::school_id, true},
    Column<SchoolRow>{"name", &SchoolRow::name},
    Column<SchoolRow>{"stage", &SchoolRow::stage, true, kStages},
    Column<SchoolRow>{"ownership", &SchoolRow::ownership, true, "public|private"},
    Column<SchoolRow>{"kind", &SchoolRow::kind, true, "general|special|foreign_children"},
    Column<SchoolRow>{"district", &SchoolRow::district, true},
    Column<SchoolRow>{"group_id", &SchoolRow::group_id},
    Column<SchoolRow>{"plan_seats", &SchoolRow::plan_seats},
    Column<SchoolRow>{"plan_classes", &SchoolRow::plan_classes},
    Column<SchoolRow>{"fee_yuan", &SchoolRow::fee_yuan},
    Column<SchoolRow>{"boarding", &SchoolRow::boarding, true},
    Column<SchoolRow>{"city_approved", &SchoolRow::city_approved, true},
};

const std::array kZoneColumns{
    Column<ZoneRow>{"zone_id", &ZoneRow::zone_id, true},   Column<ZoneRow>{"stage", &ZoneRow::stage, true, kStages},
    Column<ZoneRow>{"district", &ZoneRow::district, true}, Column<ZoneRow>{"school_ids", &ZoneRow::school_ids},
    Column<ZoneRow>{"changed", &ZoneRow::changed, true},   Column<ZoneRow>{"approval_id", &ZoneRow::approval_id},
};

const std::array kEstateColumns{
    Column<EstateRow>{"estate_id", &EstateRow::estate_id, true},
    Column<EstateRow>{"district", &EstateRow::district, true},
    Column<EstateRow>{"delivered", &EstateRow::delivered},
    Column<EstateRow>{"school_id", &EstateRow::school_id},
    Column<EstateRow>{"school_delivered", &EstateRow::school_delivered},
    Column<EstateRow>{"school_planned", &EstateRow::school_planned, true},
};

const std::array kOfferColumns{
    Column<OfferRow>{"child_id", &OfferRow::child_id, true},
    Column<OfferRow>{"school_id", &OfferRow::school_id, true},
    Column<OfferRow>{"way", &OfferRow::way, true, kWays},
    Column<OfferRow>{"clause", &OfferRow::clause},
    Column<OfferRow>{"time", &OfferRow::time, true},
    Column<OfferRow>{"answer_by", &OfferRow::answer_by},
    Column<OfferRow>{"answer", &OfferRow::answer, true, "confirmed|declined|forfeited|pending"},
    Column<OfferRow>{"answered", &OfferRow::answered},
};

const std::array kAdmissionColumns{
    Column<AdmissionRow>{"child_id", &AdmissionRow::child_id, true},
    Column<AdmissionRow>{"school_id", &AdmissionRow::school_id, true},
    Column<AdmissionRow>{"way", &AdmissionRow::way, true, kWays},
    Column<AdmissionRow>{"clause", &AdmissionRow::clause},
    Column<AdmissionRow>{"time", &AdmissionRow::time, true},
    Column<AdmissionRow>{"channel", &AdmissionRow::channel, true, "platform|offline"},
    Column<AdmissionRow>{"locked", &AdmissionRow::locked, true},
    Column<AdmissionRow>{"notified", &AdmissionRow::notified},
    Column<AdmissionRow>{"arrival", &AdmissionRow::arrival, false, "arrived|missing"},
};

const std::array kClassColumns{
    Column<ClassRow>{"class_id", &ClassRow::class_id, true},
    Column<ClassRow>{"school_id", &ClassRow::school_id, true},
    Column<ClassRow>{"grade", &ClassRow::grade, true},
    Column<ClassRow>{"kind", &ClassRow::kind, true, "ordinary|special|experimental"},
    Column<ClassRow>{"head_teacher", &ClassRow::head_teacher},
    Column<ClassRow>{"pupil_draw_id", &ClassRow::pupil_draw_id},
    Column<ClassRow>{"teacher_draw_id", &ClassRow::teacher_draw_id},
};

const std::array kClassPupilColumns{
    Column<ClassPupilRow>{"class_id", &ClassPupilRow::class_id, true},
    Column<ClassPupilRow>{"child_id", &ClassPupilRow::child_id, true},
};

const std::array kApprovalColumns{
    Column<ApprovalRow>{"approval_id", &ApprovalRow::approval_id, true},
    Column<ApprovalRow>{
        "kind", &ApprovalRow::kind, true,
        "class_cap|plan|cross_area|age|deferral|late_registration|experimental_class|zone_change|"
        "direct_promotion|attached_estate|policy_group|withdrawal|transfer|class_layout|senior_quota|by_hand"},
    Column<ApprovalRow>{"subject", &ApprovalRow::subject, true},
    Column<ApprovalRow>{"step", &ApprovalRow::step, true, "school|district|city|province|government"},
    Column<ApprovalRow>{"by", &ApprovalRow::by, true},
    Column<ApprovalRow>{"second_by", &ApprovalRow::second_by},
    Column<ApprovalRow>{"day", &ApprovalRow::day, true},
    Column<ApprovalRow>{"until", &ApprovalRow::until},
    Column<ApprovalRow>{"filed", &ApprovalRow::filed},
    Column<ApprovalRow>{"figure", &ApprovalRow::figure},
    Column<ApprovalRow>{"reason", &ApprovalRow::reason},
};

const std::array kDrawColumns{
    Column<DrawRow>{"draw_id", &DrawRow::draw_id, true},
    Column<DrawRow>{"kind", &DrawRow::kind, true, "private|public|direct_promotion|classes|head_teachers"},
    Column<DrawRow>{"school_id", &DrawRow::school_id},
    Column<DrawRow>{"district", &DrawRow::district},
    Column<DrawRow>{"applicants", &DrawRow::applicants, true},
    Column<DrawRow>{"seats", &DrawRow::seats, true},
    Column<DrawRow>{"started", &DrawRow::started, true},
    Column<DrawRow>{"finished", &DrawRow::finished},
    Column<DrawRow>{"published", &DrawRow::published},
    Column<DrawRow>{"video", &DrawRow::video, true},
    Column<DrawRow>{"notary", &DrawRow::notary, true},
    Column<DrawRow>{"witnesses", &DrawRow::witnesses},
    Column<DrawRow>{"record", &DrawRow::record},
};

const std::array kPaymentColumns{
    Column<PaymentRow>{"child_id", &PaymentRow::child_id, true},
    Column<PaymentRow>{"school_id", &PaymentRow::school_id, true},
    Column<PaymentRow>{"kind", &PaymentRow::kind, true, "term_fee|donation|joint_building|lending|other"},
    Column<PaymentRow>{"yuan", &PaymentRow::yuan, true},
    Column<PaymentRow>{"time", &PaymentRow::time, true},
    Column<PaymentRow>{"receipt", &PaymentRow::receipt},
};

const std::array kCommitmentColumns{
    Column<CommitmentRow>{"child_id", &CommitmentRow::child_id, true},
    Column<CommitmentRow>{"school_id", &CommitmentRow::school_id, true},
    Column<CommitmentRow>{"kind", &CommitmentRow::kind, true, "direct_promotion|recruitment"},
    Column<CommitmentRow>{"day", &CommitmentRow::day, true},
};

const std::array kPublicationColumns{
    Column<PublicationRow>{
        "kind", &PublicationRow::kind, true,
        "policy|plan|zones|conditions|procedure|method|materials|schedule|results|results_query|"
        "school_profile|private_brochure|consult_phone|report_phone|mailbox|seat_warning|zone_change|"
        "class_results|statement|recommendation_quota|recommendation_conditions|"
        "recommendation_method|recommendation_results"},
    Column<PublicationRow>{"subject", &PublicationRow::subject},
    Column<PublicationRow>{"time", &PublicationRow::time, true},
    Column<PublicationRow>{"channel", &PublicationRow::channel},
    Column<PublicationRow>{"vetted_by", &PublicationRow::vetted_by},
};

const std::array kComplaintColumns{
    Column<ComplaintRow>{"complaint_id", &ComplaintRow::complaint_id, true},
    Column<ComplaintRow>{"subject", &ComplaintRow::subject, true},
    Column<ComplaintRow>{"channel", &ComplaintRow::channel, true, "hotline|mailbox|visit|online"},
    Column<ComplaintRow>{"kind", &ComplaintRow::kind, true, "question|complaint|appeal|rumour"},
    Column<ComplaintRow>{"received", &ComplaintRow::received, true},
    Column<ComplaintRow>{"answered", &ComplaintRow::answered},
    Column<ComplaintRow>{"outcome", &ComplaintRow::outcome, false, "upheld|rejected|explained"},
    Column<ComplaintRow>{"sanction", &ComplaintRow::sanction},
};

const std::array kIncidentColumns{
    Column<IncidentRow>{"incident_id", &IncidentRow::incident_id, true},
    Column<IncidentRow>{"subject", &IncidentRow::subject, true},
    Column<IncidentRow>{"kind", &IncidentRow::kind, true},
    Column<IncidentRow>{"found", &IncidentRow::found, true},
    Column<IncidentRow>{"found_by", &IncidentRow::found_by, true, "check|complaint|report"},
    Column<IncidentRow>{"settled", &IncidentRow::settled},
    Column<IncidentRow>{"outcome", &IncidentRow::outcome},
};

const std::array kRecordColumns{
    Column<RecordRow>{"record_id", &RecordRow::record_id, true},
    Column<RecordRow>{"kind", &RecordRow::kind, true},
    Column<RecordRow>{"subject", &RecordRow::subject},
    Column<RecordRow>{"day", &RecordRow::day, true},
    Column<RecordRow>{"by", &RecordRow::by, true},
    Column<RecordRow>{"people", &RecordRow::people, true},
    Column<RecordRow>{"document", &RecordRow::document},
};

const std::array kTraceColumns{
    Column<TraceRow>{"child_id", &TraceRow::child_id, true},
    Column<TraceRow>{
        "kind", &TraceRow::kind, true,
        "check|comparison|contact|visit|care|guardian_notice|written_report|registered|returned|elsewhere"},
    Column<TraceRow>{"source", &TraceRow::source},
    Column<TraceRow>{"day", &TraceRow::day, true},
    Column<TraceRow>{"by", &TraceRow::by, true},
};

const std::array kStudentRecordColumns{
    Column<StudentRecordRow>{"record_id", &StudentRecordRow::record_id, true},
    Column<StudentRecordRow>{"child_id", &StudentRecordRow::child_id},
    Column<StudentRecordRow>{"school_id", &StudentRecordRow::school_id, true},
    Column<StudentRecordRow>{"opened", &StudentRecordRow::opened, true},
    Column<StudentRecordRow>{"closed", &StudentRecordRow::closed},
};

const std::array kRecommendationColumns{
    Column<RecommendationRow>{"child_id", &RecommendationRow::child_id, true},
    Column<RecommendationRow>{"primary_school_id", &RecommendationRow::primary_school_id, true},
    Column<RecommendationRow>{"school_id", &RecommendationRow::school_id, true},
    Column<RecommendationRow>{"chosen", &RecommendationRow::chosen, true},
    Column<RecommendationRow>{"district_approved", &RecommendationRow::district_approved},
    Column<RecommendationRow>{"city_approved", &RecommendationRow::city_approved},
};

template <class Row>
struct IsEmptyColumn {
  const Row& row;

  bool operator()(std::string Row::*member) const { return (row.*member).empty(); }
  bool operator()(Words Row::*member) const { return (row.*member).empty(); }
  bool operator()(int Row::*) const { return false; }
  bool operator()(bool Row::*) const { return false; }
  template <class Value>
  bool operator()(std::optional<Value> Row::*member) const {
    return !(row.*member).has_value();
  }
};

template <class Row>
void check_required_rows(const SeasonTables& tables, const Table<Row>& table) {
  const auto& rows = tables.*table.rows;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    for (const Column<Row>& column : table.columns) {
      if (!column.required || !std::visit(IsEmptyColumn<Row>{rows[i]}, column.member)) continue;
      throw InputError("season_value",
                       std::string(table.file) + ":" + std::to_string(i + 2) + "#" + std::string(column.name),
                       "must not be empty");
    }
  }
}

}  // namespace

const AllTables& all_season_tables() {
  static const AllTables kTables{
      {"season.csv", &SeasonTables::season, kSeasonColumns},
      {"children.csv", &SeasonTables::children, kChildColumns, true},
      {"registrations.csv", &SeasonTables::registrations, kRegistrationColumns},
      {"form_fields.csv", &SeasonTables::form_fields, kFormFieldColumns},
      {"data_checks.csv", &SeasonTables::data_checks, kDataCheckColumns},
      {"schools.csv", &SeasonTables::schools, kSchoolColumns, true},
      {"zones.csv", &SeasonTables::zones, kZoneColumns, true},
      {"estates.csv", &SeasonTables::estates, kEstateColumns, true},
      {"offers.csv", &SeasonTables::offers, kOfferColumns},
      {"admissions.csv", &SeasonTables::admissions, kAdmissionColumns},
      {"classes.csv", &SeasonTables::classes, kClassColumns, true},
      {"class_pupils.csv", &SeasonTables::class_pupils, kClassPupilColumns},
      {"approvals.csv", &SeasonTables::approvals, kApprovalColumns, true},
      {"draws.csv", &SeasonTables::draws, kDrawColumns, true},
      {"payments.csv", &SeasonTables::payments, kPaymentColumns},
      {"commitments.csv", &SeasonTables::commitments, kCommitmentColumns},
      {"publications.csv", &SeasonTables::publications, kPublicationColumns},
      {"complaints.csv", &SeasonTables::complaints, kComplaintColumns, true},
      {"incidents.csv", &SeasonTables::incidents, kIncidentColumns, true},
      {"records.csv", &SeasonTables::records, kRecordColumns, true},
      {"traces.csv", &SeasonTables::traces, kTraceColumns},
      {"student_records.csv", &SeasonTables::student_records, kStudentRecordColumns, true},
      {"recommendations.csv", &SeasonTables::recommendations, kRecommendationColumns},
  };
  return kTables;
}

std::vector<ColumnName> season_column_names() {
  std::vector<ColumnName> names;
  std::apply(
      [&](const auto&... table) {
        const auto add = [&](const auto& one) {
          for (const auto& column : one.columns) names.push_back({one.file, column.name});
        };
        (add(table), ...);
      },
      all_season_tables());
  return names;
}

void check_required_columns(const SeasonTables& tables) {
  std::apply([&](const auto&... table) { (check_required_rows(tables, table), ...); }, all_season_tables());
}

}  // namespace catchment::engine::admission
