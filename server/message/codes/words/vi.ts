import type { Words } from './words.ts';

export const vi: Words = {
  oneTime: `mã xác minh, mã xác thực, mã xác nhận, mã bảo mật, mã đăng nhập, mã kích hoạt, mã otp, mã dùng một lần,
    mã sử dụng một lần, mã khôi phục, mã dự phòng, mã tạm thời, mật khẩu dùng một lần, mật khẩu một lần,
    mật khẩu tạm thời, mã pin dùng một lần`,
  maybe: `mã, mã số, mã pin, mật khẩu, mã truy cập`,
  otherNames: `mã đơn hàng, mã vận đơn, mã giảm giá, mã khuyến mãi, mã bưu điện, mã bưu chính, mã sản phẩm, mã lỗi, mã
    quốc gia, mã vùng, mã khách hàng, mã giới thiệu, mã đặt chỗ, mã ưu đãi, mã qr, mã vạch, mã nguồn, mã số thuế, mã
    giao dịch, mã hóa đơn, mã quà tặng, mã trạng thái, mã nhận hàng, mã hội nghị, đơn hàng, hóa đơn, hotline, điện
    thoại, tổng, tổng tiền, số tiền, số tài khoản, số, mã phòng, mã màu, mã wifi, mã cổng, mã cửa, mã báo động, mã
    thuế, mã thành phố, mã tỉnh, mã tiền tệ, mã ngôn ngữ, mã sân bay, mã chuyến bay, mã ngân hàng, mã chi nhánh, mã
    mẫu, mã lô, mã kích cỡ, mã nhà cung cấp, mã nhân viên, mã cửa hàng, mã theo dõi, mã thoát, mã swift, mã dự thưởng,
    mã phần thưởng, mã hợp đồng, mã học phần, mã môn học, mã voucher, mã thẻ quà tặng, mã hàng, mã khu vực, mã bưu cục`,
  elsewhere: `giảm giá, khuyến mãi, ưu đãi, miễn phí vận chuyển, giỏ hàng, phiếu quà tặng, voucher`,
  meeting: `id cuộc họp, mã cuộc họp, tham gia cuộc họp`,
  units: `phút, giây, giờ, ngày, tuần, tháng, năm, điểm, đồng, đ, lần`,
  is: `là`,
  number: `số, là`,
  enter: `nhập, sử dụng, dùng`,
  purpose: `để đăng nhập, để xác nhận, để xác minh, để tiếp tục`,
  not: `không phải là, không phải, thay vì`,
  past: `đã hết hạn, không còn hiệu lực`,
};
