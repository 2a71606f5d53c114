<?php /* expect: product=phpmailer tls=starttls auth=any host=mail.example.com port=587 verify=full */
$mail = new PHPMailer(true);
$mail->isSMTP();
$mail->Host = 'mail.example.com';
$mail->SMTPAuth = true;
$mail->Username = 'user';
$mail->Password = 's3cr3t-Zx81qy';
$mail->SMTPSecure = PHPMailer::ENCRYPTION_STARTTLS;
$mail->Port = 587;
