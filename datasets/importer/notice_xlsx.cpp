#include <gdal_priv.h>
#include <ogrsf_frmts.h>

#include <array>
#include <memory>

#include "datasets/importer/gdal_setup.hpp"
#include "datasets/importer/notice_document.hpp"
#include "datasets/text.hpp"
#include "geo/input_error.hpp"

namespace catchment::datasets {
namespace {

using DatasetPtr = std::unique_ptr<GDALDataset, void (*)(GDALDataset*)>;

// Every row is data and every cell text: which row is the header is not for GDAL to guess.
DatasetPtr open_workbook(const std::string& path) {
  constexpr std::array kDrivers{"XLSX", static_cast<const char*>(nullptr)};
  constexpr std::array kOptions{"HEADERS=DISABLE", "FIELD_TYPES=STRING", static_cast<const char*>(nullptr)};
  auto* dataset = static_cast<GDALDataset*>(
      GDALOpenEx(path.c_str(), GDAL_OF_VECTOR | GDAL_OF_READONLY, kDrivers.data(), kOptions.data(), nullptr));
  return {dataset, [](GDALDataset* owned) { GDALClose(GDALDataset::ToHandle(owned)); }};
}

// What GDAL's reader leaves out or adds without a word.
void refuse_unreadable(const std::string& file, const std::string& path) {
  for (const std::string& entry : zip_paths(path)) {
    if (!entry.ends_with(".xml")) continue;
    if (contains_any(entry, {"<is><r>", "<is><r ", "<rPh"})) {
      throw InputError("source_format", file,
                       "has texts of several runs or with phonetic guides, which cannot be read whole: save it as CSV");
    }
  }
}

NoticeSheet read_sheet(OGRLayer& layer, const std::string& file, bool several) {
  NoticeSheet sheet;
  sheet.name = layer.GetName();
  for (const auto& feature : layer) {
    NoticeLine line;
    line.place = (several ? "sheet " + sheet.name + ", row " : "row ") + std::to_string(feature->GetFID());
    for (int i = 0; i < feature->GetFieldCount(); ++i) {
      const std::string text = feature->IsFieldSetAndNotNull(i) ? feature->GetFieldAsString(i) : "";
      if (!is_utf8_text(text)) throw InputError("source_encoding", file + ": " + line.place, "a text is not UTF-8");
      line.cells.emplace_back(trimmed(text));
    }
    sheet.lines.push_back(std::move(line));
  }
  return sheet;
}

}  // namespace

std::vector<NoticeSheet> read_xlsx(const std::string& file, const std::string& path) {
  const GdalMessages messages;
  refuse_unreadable(file, path);
  const DatasetPtr workbook = open_workbook(path);
  if (!workbook) {
    throw InputError("source_format", file,
                     messages.failure().empty() ? "is no spreadsheet (xlsx)" : messages.failure());
  }
  std::vector<NoticeSheet> sheets;
  const int count = workbook->GetLayerCount();
  for (int i = 0; i < count; ++i) sheets.push_back(read_sheet(*workbook->GetLayer(i), file, count > 1));
  if (!messages.failure().empty()) throw InputError("source_damaged", file, messages.failure());
  return sheets;
}

}  // namespace catchment::datasets
