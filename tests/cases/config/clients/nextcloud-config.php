<?php /* expect: product=nextcloud tls=opportunistic auth=any host=mail.example.com port=587 verify=none trust=self-signed-too */
$CONFIG = array (
  'instanceid' => 'oc1',
  'mail_smtpmode' => 'smtp',
  'mail_smtpsecure' => 'tls',
  'mail_smtphost' => 'mail.example.com',
  'mail_smtpport' => '587',
  'mail_smtpauth' => 1,
  'mail_smtpname' => 'user',
  'mail_smtppassword' => 's3cr3t-Zx81qy',
  'mail_smtpstreamoptions' => array('ssl' => array('allow_self_signed' => true, 'verify_peer' => false, 'verify_peer_name' => false)),
);
