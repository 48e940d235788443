#include "datasets/importer/notice_columns.hpp"

#include <algorithm>

#include "geo/address/normal_text.hpp"
#include "geo/input_error.hpp"

namespace catchment::datasets {
namespace {

constexpr std::size_t kHeaderLines = 40;
constexpr std::size_t kLongestHeading = 90;  // bytes; a longer text is no heading

struct Word {
  std::string_view part;
  NoticeColumn column;
};

// The first that occurs in a heading decides, so that 学校招生范围 is a zone and 学校联系电话 a phone.
constexpr std::array<Word, 27> kWords{
    {{"电话", NoticeColumn::phone},      {"联系方式", NoticeColumn::phone},   {"phone", NoticeColumn::phone},
     {"备注", NoticeColumn::remark},     {"说明", NoticeColumn::remark},      {"remark", NoticeColumn::remark},
     {"班数", NoticeColumn::classes},    {"计划", NoticeColumn::classes},     {"班级数", NoticeColumn::classes},
     {"classes", NoticeColumn::classes}, {"范围", NoticeColumn::zone},        {"地段", NoticeColumn::zone},
     {"服务区", NoticeColumn::zone},     {"施教区", NoticeColumn::zone},      {"招生区域", NoticeColumn::zone},
     {"片区", NoticeColumn::zone},       {"学区", NoticeColumn::zone},        {"划片", NoticeColumn::zone},
     {"四至", NoticeColumn::zone},       {"zone", NoticeColumn::zone},        {"text", NoticeColumn::zone},
     {"校区", NoticeColumn::campus},     {"办学点", NoticeColumn::campus},    {"campus", NoticeColumn::campus},
     {"代码", NoticeColumn::school_id},  {"标识码", NoticeColumn::school_id}, {"school_id", NoticeColumn::school_id}}};

// Whole headings: a school's own name ends with most of these too.
constexpr std::array<std::string_view, 11> kSchoolHeadings{
    "校名", "学校", "招生学校", "小学", "中学", "初中", "小学名称", "初中名称", "单位名称", "招生单位", "school"};

// Columns that speak of a school or zone without naming it.
constexpr std::array<std::string_view, 12> kOthers{"地址", "序号", "性质", "类别", "类型", "邮编",
                                                   "网址", "校长", "人数", "审图", "图号", "日期"};

bool has(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

std::string compact(std::string_view heading) {
  std::string normal;
  geo::normalise_into(heading, normal);
  std::erase_if(normal, [](char c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; });
  return normal;
}

std::optional<NoticeHeader> header_of(const std::vector<std::string>& headings, const std::string& where) {
  NoticeHeader header;
  header.width = headings.size();
  std::array<std::size_t, kNoticeColumns> claims{};
  for (std::size_t i = 0; i < headings.size(); ++i) {
    const auto column = find_notice_column(headings[i]);
    if (!column) continue;
    const auto index = static_cast<std::size_t>(*column);
    if (++claims[index] == 1) header.column[index] = i;
  }
  const bool names_school = header.at(NoticeColumn::school) || header.at(NoticeColumn::school_id);
  if (!names_school || !header.at(NoticeColumn::zone)) return std::nullopt;
  for (std::size_t i = 0; i < kNoticeColumns; ++i) {
    if (claims[i] <= 1) continue;
    throw InputError("notice_column", where,
                     "two columns are headed as " + std::string(to_word(static_cast<NoticeColumn>(i))) +
                         ": head the one that is not meant otherwise");
  }
  return header;
}

std::vector<std::string> joined(std::vector<std::string> above, const std::vector<std::string>& below) {
  above.resize(std::max(above.size(), below.size()));
  for (std::size_t k = 0; k < below.size(); ++k) above[k] += below[k];
  return above;
}

// 名称, 校区 under 学校: nothing but headings.
bool is_headings(const std::vector<std::string>& cells) {
  const auto heading = [](const std::string& cell) {
    return cell.empty() || compact(cell) == "名称" || compact(cell) == "全称" || find_notice_column(cell);
  };
  return std::ranges::all_of(cells, heading) && !std::ranges::all_of(cells, &std::string::empty);
}

}  // namespace

std::string_view to_word(NoticeColumn column) {
  constexpr std::array<std::string_view, kNoticeColumns> kNames{"school",  "school_id", "campus", "zone",
                                                                "classes", "phone",     "remark"};
  return kNames.at(static_cast<std::size_t>(column));
}

std::optional<NoticeColumn> find_notice_column(std::string_view heading) {
  if (heading.size() > kLongestHeading) return std::nullopt;
  const std::string text = compact(heading);
  if (std::ranges::any_of(kOthers, [&](std::string_view word) { return has(text, word); })) return std::nullopt;
  for (const Word& word : kWords) {
    if (has(text, word.part)) return word.column;
  }
  const bool school = text.starts_with("学校") || std::ranges::find(kSchoolHeadings, text) != kSchoolHeadings.end();
  return school ? std::optional(NoticeColumn::school) : std::nullopt;
}

std::optional<NoticeHeader> find_notice_header(const NoticeSheet& sheet, const std::string& file) {
  const std::size_t end = std::min(sheet.lines.size(), kHeaderLines);
  const auto where = [&](std::size_t i) { return file + ": " + sheet.lines[i].place; };
  const auto of_two = [&](std::size_t i) {
    auto header = header_of(joined(sheet.lines[i].cells, sheet.lines[i + 1].cells), where(i));
    if (header) header->first_line = i, header->lines = 2;
    return header;
  };
  for (std::size_t i = 0; i < end; ++i) {
    auto header = header_of(sheet.lines[i].cells, where(i));
    if (!header) continue;
    if (i + 1 < sheet.lines.size() && is_headings(sheet.lines[i + 1].cells)) {
      if (auto finer = of_two(i)) return finer;
    }
    header->first_line = i;
    return header;
  }
  for (std::size_t i = 0; i + 1 < end; ++i) {
    if (auto header = of_two(i)) return header;
  }
  return std::nullopt;
}

}  // namespace catchment::datasets
