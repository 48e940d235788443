// The columns of a published table, told by the words bureaus head them with.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "datasets/importer/notice_document.hpp"

namespace catchment::datasets {

enum class NoticeColumn { school, school_id, campus, zone, classes, phone, remark };
inline constexpr std::size_t kNoticeColumns = 7;
std::string_view to_word(NoticeColumn column);

// What a heading says its column holds: 学校名称, 招生范围（服务区）, 计划招生班数, 联系电话, school, zone ... Empty
// for 序号, 学校地址 and whatever else.
std::optional<NoticeColumn> find_notice_column(std::string_view heading);

struct NoticeHeader {
  std::size_t first_line = 0;                                     // of the sheet
  std::size_t lines = 1;                                          // two where headings are split over two rows
  std::size_t width = 0;                                          // cells
  std::array<std::optional<std::size_t>, kNoticeColumns> column;  // by NoticeColumn: position in the cells

  std::optional<std::size_t> at(NoticeColumn which) const { return column[static_cast<std::size_t>(which)]; }
};

// The first row of the sheet, among its first 40, that names a zone column and a school or its id, with the row below
// if that holds headings only; else the first two rows that do so together. Empty if none does. Throws
// InputError("notice_column", "file: place") if two columns would hold the same.
std::optional<NoticeHeader> find_notice_header(const NoticeSheet& sheet, const std::string& file);

}  // namespace catchment::datasets
