#include "geo/address/address_words.hpp"

#include "geo/address/word_table.hpp"

namespace catchment::geo {
namespace {

using enum AddressPart;

constexpr NameSuffix kSuffixes[] = {
    {U"省", province, 0, 20},
    {U"自治区", province, 0, 20},
    {U"特别行政区", province, 0, 20},
    {U"市", city, 0, 20},
    {U"自治州", city, 0, 12},
    {U"地区", city, 2, 8},
    {U"盟", city, 4, 4},
    {U"区", district, 0, 20},
    {U"县", district, 0, 20},
    {U"自治县", district, 0, 12},
    {U"旗", district, 4, 4},
    {U"新区", district, 0, 12},
    {U"开发区", district, 0, 12},
    {U"高新区", district, 0, 12},
    {U"示范区", district, 0, 12},
    {U"街道", town, 0, 14},
    {U"街道办事处", town, 0, 14},
    {U"街道办", town, 0, 14},
    {U"街办", town, 0, 12},
    {U"办事处", town, 0, 12},
    {U"镇", town, 0, 15},
    {U"乡", town, 0, 14},
    {U"民族乡", town, 0, 12},
    {U"苏木", town, 0, 12},
    {U"社区", community, 0, 14},
    {U"社区居委会", community, 0, 14},
    {U"居委会", community, 0, 14},
    {U"居委", community, 0, 14},
    {U"居民委员会", community, 0, 14},
    {U"里", community, 1, 13},
    {U"村", village, 0, 12},
    {U"行政村", village, 0, 12},
    {U"自然村", village, 0, 12},
    {U"村委会", village, 0, 12},
    {U"村民委员会", village, 0, 12},
    {U"邻", group, 4, 6},
    {U"村民组", group, 0, 12},
    {U"村民小组", group, 0, 12},
    {U"居民组", group, 0, 12},
    {U"经济社", group, 0, 12},
    {U"合作社", group, 0, 12},
    {U"大队", village, 0, 12},
    {U"屯", village, 2, 5},
    {U"庄", village, 2, 5},
    {U"寨", village, 2, 5},
    {U"寮", village, 3, 3},
    {U"厝", village, 3, 3},
    {U"营", village, 4, 3},
    {U"宅", village, 4, 3},
    {U"路", street, 0, 15},
    {U"街", street, 0, 15},
    {U"道", street, 2, 9},
    {U"巷", street, 0, 12},
    {U"弄", street, 2, 8},
    {U"胡同", street, 0, 12},
    {U"条", street, 4, 4},
    {U"横", street, 5, 3},
    {U"小区", estate, 0, 14},
    {U"家园", estate, 0, 12},
    {U"花园", estate, 0, 10},
    {U"花苑", estate, 0, 12},
    {U"公寓", estate, 0, 12},
    {U"大厦", estate, 0, 12},
    {U"广场", estate, 0, 8},
    {U"新村", estate, 0, 10},
    {U"新城", estate, 0, 6},
    {U"家属院", estate, 0, 12},
    {U"家属区", estate, 0, 12},
    {U"家属楼", estate, 0, 12},
    {U"宿舍", estate, 0, 12},
    {U"宿舍区", estate, 0, 12},
    {U"生活区", estate, 0, 12},
    {U"住宅区", estate, 0, 12},
    {U"住宅楼", estate, 0, 12},
    {U"安置区", estate, 0, 12},
    {U"安置房", estate, 0, 12},
    {U"大院", estate, 0, 12},
    {U"山庄", estate, 0, 8},
    {U"别墅", estate, 0, 10},
    {U"公馆", estate, 0, 10},
    {U"府邸", estate, 0, 10},
    {U"世家", estate, 0, 10},
    {U"人家", estate, 0, 8},
    {U"名都", estate, 0, 8},
    {U"半岛", estate, 2, 6},
    {U"天地", estate, 2, 5},
    {U"国际", estate, 3, 3},
    {U"中心", estate, 3, 6},
    {U"苑", estate, 1, 12},
    {U"园", estate, 1, 12},
    {U"庭", estate, 2, 4},
    {U"府", estate, 3, 3},
    {U"湾", estate, 3, 3},
    {U"城", estate, 3, 6},
    {U"居", estate, 3, 3},
    {U"轩", estate, 2, 4},
    {U"阁", estate, 2, 4},
    {U"邸", estate, 2, 4},
    {U"郡", estate, 3, 4},
    {U"墅", estate, 2, 4},
    {U"院", estate, 2, 6},
    {U"坊", estate, 3, 4},
    {U"街坊", block, 0, 10},
    {U"小学", institution, 0, 12},
    {U"中学", institution, 0, 12},
    {U"国小", institution, 0, 12},
    {U"国中", institution, 0, 12},
    {U"高中", institution, 0, 12},
    {U"初中", institution, 0, 12},
    {U"学校", institution, 0, 12},
    {U"大学", institution, 0, 8},
    {U"学院", institution, 0, 8},
    {U"幼儿园", institution, 0, 12},
    {U"医院", institution, 0, 12},
    {U"卫生院", institution, 0, 12},
    {U"服务中心", institution, 0, 10},
    {U"公司", institution, 0, 12},
    {U"集团", institution, 0, 8},
    {U"酒店", institution, 0, 10},
    {U"宾馆", institution, 0, 10},
    {U"饭店", institution, 0, 10},
    {U"商场", institution, 0, 10},
    {U"超市", institution, 0, 10},
    {U"市场", institution, 0, 10},
    {U"银行", institution, 0, 10},
    {U"派出所", institution, 0, 12},
    {U"政府", institution, 0, 10},
    {U"法院", institution, 0, 10},
    {U"公园", institution, 0, 8},
    {U"车站", institution, 0, 8},
    {U"地铁站", institution, 0, 10},
    {U"加油站", institution, 0, 10},
    {U"图书馆", institution, 0, 10},
    {U"体育馆", institution, 0, 10},
    {U"博物馆", institution, 0, 10},
    {U"部队", institution, 0, 10},
    {U"农场", institution, 0, 10},
    {U"林场", institution, 0, 10},
    // Words that end in a suffix and end no name.
    {U"城市", unknown, 0, 0},
    {U"都市", unknown, 0, 0},
    {U"校区", unknown, 0, 0},
    {U"厂", institution, 3, 5},
    {U"店", institution, 4, 4},
};

constexpr NumberUnit kUnits[] = {
    {U"号", door},       {U"号门牌", door},     {U"号院", compound},  {U"号大院", compound}, {U"号家属院", compound},
    {U"大院", compound}, {U"号小区", compound}, {U"号楼", building},  {U"号栋", building},   {U"号幢", building},
    {U"号座", building}, {U"栋", building},     {U"幢", building},    {U"座", building},     {U"#楼", building},
    {U"#", building},    {U"排", building},     {U"栋楼", building},  {U"幢楼", building},   {U"单元", stair},
    {U"号单元", stair},  {U"门", stair},        {U"号门", stair},     {U"梯", stair},        {U"层", floor},
    {U"楼", floor},      {U"室", room},         {U"房", room},        {U"号房", room},       {U"号室", room},
    {U"户", room},       {U"弄", lane},         {U"巷", lane},        {U"号弄", lane},       {U"支弄", sublane},
    {U"支巷", sublane},  {U"组", group},        {U"社", group},       {U"队", group},        {U"邻", group},
    {U"小组", group},    {U"小队", group},      {U"村民小组", group}, {U"居民小组", group},  {U"生产队", group},
    {U"经济社", group},  {U"合作社", group},    {U"村民组", group},   {U"居民组", group},    {U"期", phase},
    {U"区", phase},      {U"组团", phase},      {U"街坊", block},     {U"米", detail},       {U"公里", detail},
};

constexpr std::u32string_view kSectionWords[] = {U"段", U"横路", U"横街", U"横巷", U"横", U"支路", U"支街"};

}  // namespace

const NameSuffix* find_suffix(std::u32string_view text) {
  static const WordTable<NameSuffix> table({std::begin(kSuffixes), std::end(kSuffixes)}, true);
  return table.find(text);
}

const NumberUnit* find_unit(std::u32string_view text) {
  static const WordTable<NumberUnit> table({std::begin(kUnits), std::end(kUnits)}, false);
  return table.find(text);
}

std::size_t section_word(std::u32string_view text) {
  for (const std::u32string_view word : kSectionWords) {
    if (text.starts_with(word)) return word.size();
  }
  return 0;
}

}  // namespace catchment::geo
